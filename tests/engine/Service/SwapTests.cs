using System.Net;
using System.Text.Json;
using ChurnEngine.Pipeline;
using ChurnEngine.Registry;

namespace ChurnEngine.Service.Tests;

/// <summary>Models come and go while questions are asked.</summary>
public sealed class SwapTests(ServedWorld world)
{
    [Fact]
    public async Task PromotionRollbackAndDamage_UnderLoad_FailNoRequest()
    {
        using var folder = new TemporaryDirectory();
        string config = world.CopyTo(folder);
        Promote(config, world.Weak);
        await using RunningService service = await RunningService.Start("production", config, settings => settings with { Online = world.Online });
        using var stop = new CancellationTokenSource();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        string[] customers = [.. world.Scores.Keys.Take(50)];
        Task<int>[] load = [.. Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            int asked = 0;
            while (!stop.IsCancellationRequested)
            {
                JsonElement answer = await service.Ask("/predict", $"{{\"user_id\": {customers[asked++ % customers.Length]}}}");
                seen.AddOrUpdate(answer.GetProperty("model_version").GetString()!, 1, (_, count) => count + 1);
            }
            return asked;
        }))];

        await Eventually.Holds(() => Task.FromResult(seen.ContainsKey(world.Weak)));
        Promote(config, world.Strong);
        await Eventually.Holds(() => Task.FromResult(seen.ContainsKey(world.Strong)));
        Churn.Run("models", "rollback", "--config", config, "--reason", "a test").Expect(ExitCode.Done);
        await Answers(service, world.Weak);
        // The file of the version that production goes to is damaged between the promotion's own check and the service's reading: only its bytes on the disk tell.
        string file = folder[$"world/registry/versions/{world.Strong}/model.onnx"];
        byte[] whole = File.ReadAllBytes(file);
        Promote(config, world.Strong);
        await Answers(service, world.Strong);
        string weakFile = folder[$"world/registry/versions/{world.Weak}/model.onnx"];
        byte[] weak = File.ReadAllBytes(weakFile);
        Promote(config, world.Weak, () => File.WriteAllBytes(weakFile, weak[..^100]));
        JsonElement ready = default;
        await Eventually.Holds(async () => (ready = (await service.Get("/ready")).Body).GetProperty("status").GetString() == "degraded");
        Assert.Contains("CE8106", ready.GetProperty("faults")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(world.Strong, ready.GetProperty("models").GetProperty("production").GetString());
        // Brought back, it is taken at the next try, though nothing points elsewhere than before...
        File.WriteAllBytes(weakFile, weak);
        await Answers(service, world.Weak);
        // ... or at once when somebody asks for it.
        Promote(config, world.Strong, () => File.WriteAllBytes(file, whole[..^100]));
        await Eventually.Holds(async () => (await service.Get("/ready")).Body.GetProperty("status").GetString() == "degraded");
        File.WriteAllBytes(file, whole);
        Assert.Equal(HttpStatusCode.OK, (await service.Post("/admin/refresh", "{}")).Status);
        ready = (await service.Get("/ready")).Body;
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Equal(world.Strong, ready.GetProperty("models").GetProperty("production").GetString());

        await stop.CancelAsync();
        int asked = (await Task.WhenAll(load)).Sum();
        Assert.True(asked > 100, $"only {asked} questions");
    }

    [Fact]
    public async Task File_ReplacedByAnother_IsFollowed_AndRubbishIsNot()
    {
        using var folder = new TemporaryDirectory();
        File.Copy(world.Model, folder["model.onnx"]);
        await using RunningService service = await RunningService.Start(folder["model.onnx"], world.Config);
        await File.WriteAllTextAsync(folder["model.onnx"], "rubbish");
        await Eventually.Holds(async () => (await service.Get("/ready")).Body.GetProperty("status").GetString() == "degraded");
        Assert.Equal(world.Strong, (await service.Get("/")).Body.GetProperty("model_version").GetString());
        File.Copy(Path.Combine(world.World, "registry", "versions", world.Weak, "model.onnx"), folder["other.onnx"]);
        File.Move(folder["other.onnx"], folder["model.onnx"], overwrite: true);
        await Eventually.Holds(async () => (await service.Get("/")).Body.GetProperty("model_version").GetString() == world.Weak);
        Assert.Equal("ready", (await service.Get("/ready")).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Canary_TakesItsShareByCustomer_AndAShadowAnswersNobody()
    {
        using var folder = new TemporaryDirectory();
        var traffic = new TrafficSettings("salt", [new TrafficArm("canary", Version(world.Weak), 0.3, Answers: true), new TrafficArm("shadow", Version(world.Weak), 1, Answers: false)]);
        await using (RunningService service = await RunningService.Start(world.Model, world.Config, settings => settings with { Online = world.Online, Traffic = traffic, Log = new PredictionLogSettings(folder["log"]) }))
        {
            string[] customers = [.. world.Scores.Keys.Take(400)];
            int canary = 0;
            foreach (string customer in customers)
            {
                JsonElement answer = await service.Ask("/predict", $"{{\"user_id\": {customer}}}");
                bool isCanary = answer.GetProperty("arm").GetString() == "canary";
                Assert.Equal(isCanary ? world.Weak : world.Strong, answer.GetProperty("model_version").GetString());
                Assert.Equal(isCanary, traffic.AnsweringArm(customer) is not null);
                canary += isCanary ? 1 : 0;
            }
            Assert.InRange(canary, 80, 160);
            Assert.Equal(0, service.Predictor.ShadowsLost);
        }
        // Stopping asked the shadows that waited, and made Parquet of all.
        string[] arms = [.. LogTests.Read(folder["log"], "arm", "answered").Select(row => $"{row[0]} {row[1]}")];
        Assert.Equal(400, arms.Count(arm => arm == "shadow 0"));
        Assert.Equal(400, arms.Count(arm => arm is "canary 1" or "production 1"));
    }

    private string Version(string version) => Path.Combine(world.World, "registry", "versions", version, "model.onnx");

    private static Task Answers(RunningService service, string version) => Eventually.Holds(async () => (await service.Get("/")).Body.GetProperty("model_version").GetString() == version);

    // What happens right after the move is what a disk does to a file that was whole when it was checked.
    private static void Promote(string config, string version, Action? before = null)
    {
        if (before is null)
        {
            Churn.Run("models", "promote", version, "--config", config, "--force", "a test").Expect(ExitCode.Done);
            return;
        }
        string folder = Path.Combine(Path.GetDirectoryName(config)!, "registry");
        string alias = AliasFile.PathOf(folder, AliasName.Production), log = Path.Combine(folder, AuditLog.FileName), head = Path.Combine(folder, AuditLog.HeadFileName);
        // The same move, made on a copy beside, and brought over once the file is damaged.
        string copy = folder + "-copy";
        FolderContent.Copy(folder, copy);
        Churn.Run("models", "promote", version, "--registry", copy, "--config", config, "--force", "a test").Expect(ExitCode.Done);
        before();
        foreach (string file in new[] { log, head, alias })
            File.Copy(Path.Combine(copy, Path.GetRelativePath(folder, file)), file, overwrite: true);
        Directory.Delete(copy, recursive: true);
    }
}
