using System.Globalization;
using System.Net;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>The routes, one by one, on the world's model.</summary>
public sealed class HttpTests(ServedWorld world)
{
    private string Customer => world.Scores.Keys.First();

    private Task<RunningService> Start() => RunningService.Start(world.Model, world.Config, settings => settings with { Online = world.Online });

    [Fact]
    public async Task Predict_EventsFeaturesOrIdAlone_AreOneAnswer_WithTheJobsReasons()
    {
        await using RunningService service = await Start();
        foreach (string customer in world.Scores.Keys.Take(20))
        {
            string?[] scored = world.Scores[customer];
            JsonElement byRows = await service.Ask("/predict/user?reasons=2", world.Request(customer));
            JsonElement byId = await service.Ask("/predict_churn", $"{{\"customer_id\": {customer}}}");
            Assert.Equal(float.Parse(scored[0]!, CultureInfo.InvariantCulture), byRows.GetProperty("churn_probability").GetSingle());
            Assert.Equal(float.Parse(scored[0]!, CultureInfo.InvariantCulture), byId.GetProperty("churn_probability").GetSingle());
            Assert.Equal(scored[2] == "1", byRows.GetProperty("churn_prediction").GetBoolean());
            Assert.Equal(scored[3..].Where(reason => reason is not null), byRows.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("text").GetString()));
            Assert.Equal(customer, byRows.GetProperty("user_id").GetString());
            Assert.Equal(world.Strong, byRows.GetProperty("model_version").GetString());
            Assert.StartsWith(byId.GetProperty("as_of").GetString()!, world.AsOf, StringComparison.Ordinal);
            Assert.False(byId.TryGetProperty("reasons", out _));
        }
    }

    [Fact]
    public async Task Predict_FeaturesByName_NullIsMissing_AndAbsentIsRefused()
    {
        await using RunningService service = await Start();
        JsonElement info = (await service.Get("/model-info")).Body;
        Dictionary<string, object?> features = info.GetProperty("features").EnumerateArray().ToDictionary(feature => feature.GetProperty("name").GetString()!, _ => (object?)null);
        JsonElement empty = await service.Ask("/predict", JsonSerializer.Serialize(new { user_id = "x", features }));
        Assert.InRange(empty.GetProperty("churn_probability").GetSingle(), 0, 1);
        string gone = features.Keys.First();
        features.Remove(gone);
        (HttpStatusCode status, JsonElement problem) = await service.Post("/predict", JsonSerializer.Serialize(new { user_id = "x", features }));
        Assert.Equal((HttpStatusCode.BadRequest, "CE1207"), (status, problem.GetProperty("code").GetString()));
        features.Add(gone, null);
        features.Add(gone + "x", 1);
        (_, problem) = await service.Post("/predict", JsonSerializer.Serialize(new { user_id = "x", features }));
        Assert.Equal("CE1208", problem.GetProperty("code").GetString());
        Assert.Contains(gone, problem.GetProperty("hint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_EventsAndAttributes_UnderTheNamesThatClientsUse()
    {
        await using RunningService service = await Start();
        const string Events = "[{\"timestamp\": 1730000000000, \"event\": \"play\"}, {\"ts\": \"2024-10-28T10:00:00Z\", \"page\": \"play\"}]";
        JsonElement answer = await service.Ask("/predict/user", $"{{\"userId\": 5, \"as_of\": 1735000000000, \"events\": {Events}, \"customer\": {{\"signup_at\": \"2024-01-01\"}}}}");
        Assert.Equal("5", answer.GetProperty("user_id").GetString());
        (HttpStatusCode status, JsonElement problem) = await service.Post("/predict/user", "{\"userId\": 5, \"events\": [{\"timestamp\": 1730000000000}, {\"event\": \"play\"}], \"customer\": {\"signup_at\": \"2024-01-01\"}}");
        Assert.Equal((HttpStatusCode.BadRequest, "CE1203"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("events[1]", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_OneBadCustomerAmongGoodOnes_IsToldInItsPlace()
    {
        await using RunningService service = await Start();
        string[] customers = [.. world.Scores.Keys.Take(3)];
        JsonElement answer = await service.Ask("/predict/batch?reasons=1", $"{{\"customers\": [{world.Request(customers[0])}, {{\"user_id\": \"nobody\"}}, {{\"user_id\": {customers[2]}}}]}}");
        JsonElement[] predictions = [.. answer.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(1, answer.GetProperty("failed").GetInt32());
        Assert.Equal("CE3074", predictions[1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(float.Parse(world.Scores[customers[2]][0]!, CultureInfo.InvariantCulture), predictions[2].GetProperty("churn_probability").GetSingle());
    }

    [Fact]
    public async Task Batch_ArrowStream_OfAPlainTable_IsAnsweredByOne()
    {
        using var folder = new TemporaryDirectory();
        await using RunningService service = await RunningService.Start(world.TableModel, change: settings => settings with { Log = new PredictionLogSettings(folder["log"]) });
        using HttpResponseMessage answer = await AskForTable(service, File.ReadAllLines(world.Table)[1..]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var reader = new ArrowStreamReader(await answer.Content.ReadAsStreamAsync());
        int rows = 0;
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++, rows++)
                    Assert.Equal(float.Parse(world.TableScores[((Utf8Column)batch["id"]).GetString(row)!][0]!, CultureInfo.InvariantCulture), batch.Values<float>("probability")[row]);
            }
        }
        Assert.Equal(400, rows);
        Assert.Equal(400, service.Predictor.Log!.Written);
        JsonElement one = await service.Ask("/predict", "{\"user_id\": \"c0\", \"features\": {" + Row(File.ReadAllLines(world.Table)[1]) + "}}");
        Assert.Equal(float.Parse(world.TableScores["c0"][0]!, CultureInfo.InvariantCulture), one.GetProperty("churn_probability").GetSingle());
    }

    [Fact]
    public async Task Batch_ArrowStreamWithACategoryThatTrainingDidNotSee_IsLoggedWithItsText()
    {
        using var folder = new TemporaryDirectory();
        await using (RunningService service = await RunningService.Start(world.TableModel, change: settings => settings with { Log = new PredictionLogSettings(folder["log"]) }))
        {
            using HttpResponseMessage answer = await AskForTable(service, ["a,3,40,platinum", "b,3,40,monthly", "c,3,40,"]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        // Stopped, the service has made Parquet of its journal.
        Assert.Equal(["a platinum", "b monthly", "c "], LogTests.Read(folder["log"], "customer", "plan").Select(row => $"{row[0]} {row[1]}").Order());
    }

    [Fact]
    public async Task InferenceProtocol_RowsInPlanOrder_AreTheOutputsOfTheFile()
    {
        await using RunningService service = await Start();
        JsonElement model = (await service.Get("/v2/models/churn")).Body;
        int width = model.GetProperty("inputs")[0].GetProperty("shape")[1].GetInt32();
        string row = string.Join(",", Enumerable.Repeat("null", width));
        JsonElement answer = await service.Ask("/v2/models/churn/infer", $"{{\"id\": \"q\", \"inputs\": [{{\"name\": \"features\", \"datatype\": \"FP32\", \"shape\": [2, {width}], \"data\": [{row}, {row}]}}]}}");
        Assert.Equal("q", answer.GetProperty("id").GetString());
        Assert.Equal(["probability", "margin"], answer.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        (HttpStatusCode status, JsonElement problem) = await service.Get("/v2/models/other");
        Assert.Equal((HttpStatusCode.NotFound, "CE1216"), (status, problem.GetProperty("code").GetString()));
        Assert.True((await service.Get("/v2/health/ready")).Body.GetProperty("ready").GetBoolean());
    }

    [Fact]
    public async Task OpenApi_ListsEveryRoute_AndNoOther()
    {
        await using RunningService service = await Start();
        JsonElement paths = (await service.Get("/openapi.json")).Body.GetProperty("paths");
        string[] described = [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal)];
        Assert.Equal(service.Service.Routes.Order(StringComparer.Ordinal), described);
        string page = await service.Client.GetStringAsync("/docs");
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_CountRequestsAndPredictions_InPrometheusText()
    {
        await using RunningService service = await Start();
        await service.Ask("/predict", $"{{\"user_id\": {Customer}}}");
        await service.Post("/predict", "{");
        string text = await service.Client.GetStringAsync("/metrics");
        Assert.Contains("# TYPE churn_serve_requests_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("churn_serve_requests_total{route=\"/predict\",status=\"200\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("churn_serve_requests_total{route=\"/predict\",status=\"400\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"churn_serve_predictions_total{{arm=\"production\",version=\"{world.Strong}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("churn_serve_request_seconds_bucket{route=\"/predict\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere", null, null, 404, "CE1245")]
    [InlineData("GET", "/predict", null, null, 405, "CE1246")]
    [InlineData("POST", "/predict", "{}", "text/csv", 415, "CE1249")]
    [InlineData("POST", "/predict", "{\"user_id\": 1", "application/json", 400, "CE1250")]
    [InlineData("POST", "/predict?reasons=many", "{\"user_id\": 1}", "application/json", 400, "CE1250")]
    [InlineData("POST", "/predict", "[]", "application/json", 400, "CE1201")]
    [InlineData("POST", "/predict", "{\"user_id\": 1, \"as_off\": 2}", "application/json", 400, "CE1202")]
    [InlineData("POST", "/predict", "{\"events\": []}", "application/json", 400, "CE1203")]
    [InlineData("POST", "/predict", "{\"user_id\": 1, \"as_of\": \"soon\"}", "application/json", 400, "CE1204")]
    [InlineData("POST", "/predict", "{\"user_id\": 1, \"tables\": {\"visits\": []}}", "application/json", 400, "CE1205")]
    [InlineData("POST", "/predict", "{\"user_id\": 1, \"events\": [{\"ts\": 1, \"customer_id\": 2}]}", "application/json", 400, "CE1212")]
    [InlineData("POST", "/predict", "{\"user_id\": 999999999}", "application/json", 404, "CE3074")]
    [InlineData("POST", "/predict/batch", "{\"customer\": []}", "application/json", 400, "CE1202")]
    [InlineData("POST", "/predict/batch", "not arrow", "application/vnd.apache.arrow.stream", 400, null)]
    public async Task BadRequest_IsAProblemDocument_WithItsCode(string method, string path, string? body, string? type, int status, string? code)
    {
        await using RunningService service = await Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new(type!);
        }
        request.Headers.Add("X-Request-Id", "abc-1");
        using HttpResponseMessage answer = await service.Client.SendAsync(request);
        JsonElement problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code ?? problem.GetProperty("code").GetString(), problem.GetProperty("code").GetString());
        Assert.Equal("abc-1", problem.GetProperty("request_id").GetString());
        Assert.Equal("abc-1", answer.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task Body_TooLargeOrTooManyRows_IsRefused()
    {
        await using RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Limits = new ServeLimits { BodyBytes = 4096, Events = 3, Customers = 2 } });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.Post("/predict", $"{{\"user_id\": 1, \"x\": \"{new string('a', 5000)}\"}}")).Status);
        (HttpStatusCode status, JsonElement problem) = await service.Post("/predict", "{\"user_id\": 1, \"events\": [{\"ts\":1},{\"ts\":1},{\"ts\":1},{\"ts\":1}]}");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "CE1211"), (status, problem.GetProperty("code").GetString()));
        (status, problem) = await service.Post("/predict/batch", "[{},{},{}]");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "CE1211"), (status, problem.GetProperty("code").GetString()));
    }

    private static string Row(string line)
    {
        string[] cells = line.Split(',');
        return $"\"tenure\": {cells[1]}, \"price\": {cells[2]}, \"plan\": \"{cells[3]}\"";
    }

    private static async Task<HttpResponseMessage> AskForTable(RunningService service, string[] lines)
    {
        using var body = new MemoryStream();
        WriteTable(body, lines);
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new("application/vnd.apache.arrow.stream");
        return await service.Client.PostAsync("/predict/batch", content);
    }

    private static void WriteTable(Stream stream, string[] lines)
    {
        Utf8Builder ids = new(), plans = new();
        PrimitiveBuilder<long> tenures = new(ColumnType.Int64), prices = new(ColumnType.Int64);
        foreach (string[] cells in lines.Select(line => line.Split(',')))
        {
            ids.Append(cells[0]);
            tenures.Append(long.Parse(cells[1], CultureInfo.InvariantCulture));
            prices.Append(long.Parse(cells[2], CultureInfo.InvariantCulture));
            plans.Append(cells[3]);
        }
        using var batch = new RecordBatch(new Schema([new("id", ColumnType.Utf8), new("tenure", ColumnType.Int64), new("price", ColumnType.Int64), new("plan", ColumnType.Utf8)]), [ids.Build(), tenures.Build(), prices.Build(), plans.Build()], lines.Length);
        using var writer = new ArrowStreamWriter(stream, batch.Schema, leaveOpen: true);
        writer.Write(batch);
        writer.Complete();
    }
}
