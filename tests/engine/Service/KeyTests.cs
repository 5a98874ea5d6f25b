using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Service.Tests;

/// <summary>Who may ask what, and how often.</summary>
public sealed class KeyTests(ServedWorld world)
{
    private const string Question = "{\"user_id\": 1, \"customer\": {\"signup_at\": \"2024-01-01\"}}";

    [Fact]
    public async Task Routes_WithoutAKeyOrWithAnother_AnswerNothingButHealth()
    {
        using var folder = new TemporaryDirectory();
        string predict = Make(folder, "shop", "predict"), monitor = Make(folder, "eyes", "monitor"), admin = Make(folder, "root", "admin");
        await using RunningService service = await RunningService.Start(world.Model, world.Config, keys: KeyRing.Read(folder["keys.txt"]));
        foreach (string route in service.Service.Routes)
        {
            string[] words = route.Split(' ');
            string path = words[1].Replace("{model}", "churn", StringComparison.Ordinal);
            bool isOpen = path is "/health" or "/v2/health/live";
            Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await Status(service, words[0], path, null));
            Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await Status(service, words[0], path, "churn_wrong"));
            Assert.NotEqual(HttpStatusCode.Unauthorized, await Status(service, words[0], path, admin));
            Assert.NotEqual(HttpStatusCode.Forbidden, await Status(service, words[0], path, admin));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(service, "GET", "/nowhere", null));
        Assert.Equal(HttpStatusCode.NotFound, await Status(service, "GET", "/nowhere", predict));
        Assert.Equal(HttpStatusCode.OK, (await service.Post("/predict", Question, predict)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Post("/predict", Question, monitor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Get("/metrics", predict)).Status);
        Assert.Equal("ready", (await service.Get("/ready", monitor)).Body.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, await Status(service, "POST", "/admin/refresh", monitor));
        Assert.Equal(HttpStatusCode.OK, await Status(service, "POST", "/admin/refresh", admin));

        using var browser = new HttpRequestMessage(HttpMethod.Get, "/docs");
        browser.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{predict}")));
        using HttpResponseMessage page = await service.Client.SendAsync(browser);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var bearer = new HttpRequestMessage(HttpMethod.Get, "/model-info");
        bearer.Headers.Authorization = new AuthenticationHeaderValue("Bearer", predict);
        using HttpResponseMessage info = await service.Client.SendAsync(bearer);
        Assert.Equal(HttpStatusCode.OK, info.StatusCode);
    }

    [Fact]
    public async Task Limit_UsedUp_Is429_WithTheStandardHeaders()
    {
        using var folder = new TemporaryDirectory();
        string key = Make(folder, "shop", "predict", limit: 3), other = Make(folder, "free", "predict");
        await using RunningService service = await RunningService.Start(world.Model, world.Config, keys: KeyRing.Read(folder["keys.txt"]));
        for (int left = 2; left >= 0; left--)
        {
            using HttpResponseMessage answer = await Send(service, key);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("3", Header(answer, "RateLimit-Limit"));
            Assert.Equal(left.ToString(CultureInfo.InvariantCulture), Header(answer, "RateLimit-Remaining"));
            Assert.InRange(int.Parse(Header(answer, "RateLimit-Reset"), CultureInfo.InvariantCulture), 3500, 3600);
        }
        using HttpResponseMessage refused = await Send(service, key);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(int.Parse(Header(refused, "Retry-After"), CultureInfo.InvariantCulture), 1, 3600);
        Assert.Equal("CE1243", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await service.Post("/predict", Question, other)).Status);
    }

    [Fact]
    public async Task KeyFile_ChangedWhileServing_IsFollowed_AndABrokenOneIsTold()
    {
        using var folder = new TemporaryDirectory();
        string first = Make(folder, "first", "admin");
        await using RunningService service = await RunningService.Start(world.Model, world.Config, keys: KeyRing.Read(folder["keys.txt"]));
        string second = Make(folder, "second", "predict");
        await Eventually.Holds(async () => (await service.Post("/predict", Question, second)).Status == HttpStatusCode.OK);
        File.AppendAllText(folder["keys.txt"], "third predict 0 no-hash\n");
        await Eventually.Holds(async () => (await service.Get("/ready", first)).Body.GetProperty("status").GetString() == "degraded");
        Assert.Equal(HttpStatusCode.OK, (await service.Post("/predict", Question, second)).Status);
    }

    [Fact]
    public void NewKey_KeepsTheHashAlone_AndRefusesTheSameNameTwice()
    {
        using var folder = new TemporaryDirectory();
        string secret = Make(folder, "shop", "predict,monitor");
        string text = File.ReadAllText(folder["keys.txt"]);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[6..], text, StringComparison.Ordinal);
        Assert.StartsWith("CE1236", Churn.Run("serve", "--new-key", "shop", "--keys", folder["keys.txt"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.StartsWith("CE1001", Churn.Run("serve", "--new-key", "more", "--scope", "all", "--keys", folder["keys.txt"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Churn.Run("serve", "--new-key", "dry", "--keys", folder["keys.txt"], "--dry-run").Expect(ExitCode.Done);
        Assert.Equal(text, File.ReadAllText(folder["keys.txt"]));
    }

    [Theory]
    [InlineData("shop predict 0", "no key can be read")]
    [InlineData("shop all 0 sha256:00", "scope")]
    [InlineData("shop predict many sha256:00", "limit")]
    [InlineData("shop predict 0 sha256:00", "hash")]
    public void Parse_BrokenLine_NamesTheLineAndNotItsContent(string line, string what)
    {
        ChurnConfigException fault = Assert.Throws<ChurnConfigException>(() => ApiKey.Parse($"# keys\n{line}\n", "keys.txt"));
        Assert.Equal("CE1231", fault.Code.ToString());
        Assert.StartsWith("keys.txt:2: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(what, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutKeys_OrOpenBeyondThisMachine_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("keys.txt", "# nobody\n");
        Assert.StartsWith("CE1230", Churn.Run("serve", "--model", world.Model, "--keys", folder["keys.txt"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        ChurnConfigException fault = await Assert.ThrowsAsync<ChurnConfigException>(() => RunningService.Start(world.Model, world.Config, settings => settings with { Listen = new IPEndPoint(IPAddress.Any, 0) }));
        Assert.Equal("CE1233", fault.Code.ToString());
    }

    private static string Make(TemporaryDirectory folder, string name, string scope, int limit = 0) =>
        Churn.Result("serve", "--new-key", name, "--scope", scope, "--limit", limit.ToString(CultureInfo.InvariantCulture), "--keys", folder["keys.txt"]).GetProperty("secret").GetString()!;

    private static async Task<HttpResponseMessage> Send(RunningService service, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new StringContent(Question, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", key);
        return await service.Client.SendAsync(request);
    }

    private static async Task<HttpStatusCode> Status(RunningService service, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new StringContent(Question, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        using HttpResponseMessage answer = await service.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
