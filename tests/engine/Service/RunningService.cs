using System.Net;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>A service in this process, on a port of its own, and a client of it.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly ChurnPredictor _predictor;
    private readonly ChurnService _service;

    private RunningService(ChurnPredictor predictor, ChurnService service)
    {
        (_predictor, _service) = (predictor, service);
        Client = new HttpClient { BaseAddress = new Uri(service.Address) };
    }

    public HttpClient Client { get; }

    public ChurnPredictor Predictor => _predictor;

    public ChurnService Service => _service;

    public static async Task<RunningService> Start(string model, string? config = null, Func<ServeSettings, ServeSettings>? change = null, KeyRing? keys = null, OpenModelBackend? open = null)
    {
        ProjectConfig? project = config is null ? null : ProjectConfig.Load(config);
        ServeSettings settings = (project?.Serve ?? ServeSettings.Default) with { Listen = new IPEndPoint(IPAddress.Loopback, 0), Log = new PredictionLogSettings(null), PollSeconds = 0.05 };
        settings = change?.Invoke(settings) ?? settings;
        var request = new PredictorRequest
        {
            Model = model,
            Registry = project?.Registry.Folder ?? "registry",
            Open = open ?? OnnxModelBackend.Open,
            Settings = settings,
            Project = project,
        };
        var predictor = ChurnPredictor.Open(request, new StepContext(new JobBudget { Threads = 2 }, null, CancellationToken.None));
        ChurnService service = await ChurnService.Start(predictor, new ServiceOptions { Settings = settings, Keys = keys ?? KeyRing.Open(), EngineVersion = "0.0.0", LogsRequests = false });
        return new RunningService(predictor, service);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        return await Send(request, key);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await Send(request, key);
    }

    /// <summary>The answer to a question that must be answered.</summary>
    public async Task<JsonElement> Ask(string path, string json)
    {
        (HttpStatusCode status, JsonElement body) = await Post(path, json);
        Assert.True(status == HttpStatusCode.OK, $"{path} {(int)status}: {body}\nto {json[..Math.Min(json.Length, 500)]}");
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
        _predictor.Dispose();
    }

    private async Task<(HttpStatusCode, JsonElement)> Send(HttpRequestMessage request, string? key)
    {
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        using HttpResponseMessage answer = await Client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, JsonDocument.Parse(text).RootElement);
    }
}
