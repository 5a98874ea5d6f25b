using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ChurnEngine.Service.Tests;

/// <summary>The command <c>churn serve</c> as a process: its start, its end, and a crash.</summary>
public sealed class ProcessTests(ServedWorld world)
{
    private const int SigKill = 9;
    private static readonly Dictionary<string, string> s_noVariables = new() { ["CHURN_CACHE"] = Path.GetTempPath() };

    [Fact]
    public async Task SigTerm_UnderLoad_AnswersWhatWasAccepted_AndEndsWell()
    {
        using var folder = new TemporaryDirectory();
        long began = Stopwatch.GetTimestamp();
        using var process = ChurnProcess.Start(folder.Path, s_noVariables, "serve", "--model", world.Model, "--open", "--online", world.Online, "--listen", "127.0.0.1:0", "--log", folder["log"]);
        process.WaitForProgress("listening on ");
        TestContext.Current.TestOutputHelper?.WriteLine($"ready after {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s");
        using var client = new HttpClient { BaseAddress = new Uri(process.ErrorLine("listening on ")["listening on ".Length..]) };
        using var stop = new CancellationTokenSource();
        int answered = 0;
        Task[] load = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using HttpResponseMessage answer = await Ask(client);
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    await answer.Content.ReadAsStringAsync();
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException gone) when (gone.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded || gone.InnerException is IOException)
                {
                    // Not accepted any more: a client tries another instance.
                    return;
                }
            }
        }))];
        await Eventually.Holds(() => Task.FromResult(answered > 50));
        process.Signal(ChurnProcess.SigTerm);
        CommandRun run = process.WaitForEnd();
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(0, run.ExitCode);
        // Each answer that somebody read is in the log; one may be there that was sent as the line went dead.
        Assert.InRange(LogTests.Read(folder["log"], "customer").Count, answered, answered + 3);
        string[] lines = [.. run.Error.Split('\n').Where(line => line.StartsWith('{'))];
        Assert.Contains(lines, line => JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Route").GetString() == "/predict_churn");
    }

    [Fact]
    public async Task Killed_ASecondAfterAnAnswer_HasItInTheLogOfTheNextStart()
    {
        using var folder = new TemporaryDirectory();
        string[] serve = ["serve", "--model", world.Model, "--open", "--online", world.Online, "--listen", "127.0.0.1:0", "--quiet", "--log", folder["log"]];
        using (var process = ChurnProcess.Start(folder.Path, s_noVariables, serve))
        {
            process.WaitForProgress("listening on ");
            using var client = new HttpClient { BaseAddress = new Uri(process.ErrorLine("listening on ")["listening on ".Length..]) };
            for (int i = 0; i < 30; i++)
            {
                using HttpResponseMessage answer = await Ask(client);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
            await Task.Delay(1000);
            process.Signal(SigKill);
            process.WaitForEnd();
        }
        using (var again = ChurnProcess.Start(folder.Path, s_noVariables, serve))
        {
            again.WaitForProgress("listening on ");
            Assert.Equal(30, LogTests.Read(folder["log"], "customer").Count);
            again.Signal(ChurnProcess.SigInt);
            Assert.Equal(0, again.WaitForEnd().ExitCode);
        }
    }

    [Fact]
    public async Task OtlpCollector_GetsASpanOfEachRequestAndTheMetrics()
    {
        using var folder = new TemporaryDirectory();
        using var collector = new OtlpCollector();
        Task<IReadOnlyDictionary<string, string>> received = collector.Receive(bodies =>
            bodies.GetValueOrDefault("/v1/traces", "").Contains("POST /predict_churn", StringComparison.Ordinal) && bodies.GetValueOrDefault("/v1/metrics", "").Contains("churn.serve.predictions", StringComparison.Ordinal));
        using var process = ChurnProcess.Start(folder.Path, collector.Variables, "serve", "--model", world.Model, "--open", "--online", world.Online, "--listen", "127.0.0.1:0", "--quiet");
        process.WaitForProgress("listening on ");
        using var client = new HttpClient { BaseAddress = new Uri(process.ErrorLine("listening on ")["listening on ".Length..]) };
        using (HttpResponseMessage answer = await Ask(client))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        process.Signal(ChurnProcess.SigTerm);
        Assert.Equal(0, process.WaitForEnd().ExitCode);
        // What was asked is told at the end at the latest.
        Assert.Equal(["/v1/metrics", "/v1/traces"], (await received.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Keys.Order());
    }

    [Fact]
    public void DryRun_SaysWhatWouldBeServed_AndWritesNothing()
    {
        using var folder = new TemporaryDirectory();
        JsonElement plan = Churn.Result("serve", "--model", world.Weak, "--config", world.CopyTo(folder), "--open", "--dry-run");
        Assert.Equal(world.Weak, plan.GetProperty("models")[0].GetProperty("version").GetString());
        Assert.False(Directory.Exists(folder["world/predictions"]));
    }

    private Task<HttpResponseMessage> Ask(HttpClient client) =>
        client.PostAsync("/predict_churn", new StringContent($"{{\"user_id\": {world.Scores.Keys.First()}}}", Encoding.UTF8, "application/json"));
}
