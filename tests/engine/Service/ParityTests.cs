using System.Globalization;
using ChurnEngine.Models;

namespace ChurnEngine.Service.Tests;

/// <summary>The service gives the probability of the batch job, to the last bit: for every world's plan, from the raw rows.</summary>
public sealed class ParityTests
{
    [Theory]
    [InlineData("streaming", "1200")]
    [InlineData("telecom", "1200")]
    [InlineData("music-log", "250")]
    [InlineData("b2b", "1200")]
    public async Task Service_RawRows_GivesTheBitsOfTheBatchJob(string scenario, string customers)
    {
        using var folder = new TemporaryDirectory();
        string config = folder["world/churn.yaml"], model = folder["model.onnx"];
        Churn.Run("generate", "--scenario", scenario, "--customers", customers, "--seed", "3", "--out", folder["world"], "--quiet").Expect(ExitCode.Done);
        Churn.Run("train", "--config", config, "--trees", "20", "--model", model, "--runs", "none", "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--config", config, "--model", model, "--out", folder["scores"], "--reasons", "0", "--quiet").Expect(ExitCode.Done);
        string asOf = ServedWorld.AsOfIn(folder["scores"]);
        var scores = ScoreParts.Read(folder["scores"], "probability", "margin");
        var rows = WorldJson.Read(config);
        foreach (OpenModelBackend open in (OpenModelBackend[])[OnnxBackend.OnnxModelBackend.Open, SimdBackend.Open])
        {
            await using RunningService service = await RunningService.Start(model, config, open: open);
            int compared = 0;
            foreach ((string customer, string?[] scored) in scores.Take(120))
            {
                float served = await Probability(service, customer, rows[customer], asOf);
                Assert.True(IsSame(served, scored), $"{scenario}, customer {customer} by {open.Method.DeclaringType!.Name}: {served:R} by the service, {scored[0]} by the job");
                compared++;
            }
            Assert.True(compared > 80, $"only {compared} customers were at risk");
        }
    }

    [Fact]
    public async Task Service_WhoseDataMoveOn_ComparesCustomersAsTheNextJobDid()
    {
        using var folder = new TemporaryDirectory();
        string config = folder["world/churn.yaml"], model = folder["model.onnx"];
        Generate("world", "3");
        Churn.Run("train", "--config", config, "--trees", "20", "--model", model, "--runs", "none", "--quiet").Expect(ExitCode.Done);
        await using RunningService service = await RunningService.Start(model, config);

        // Other customers' rows: the ranks and quantiles of all are others.
        Generate("later", "4");
        File.Copy(config, folder["later/churn.yaml"], overwrite: true);
        Directory.Move(folder["world"], folder["before"]);
        Directory.Move(folder["later"], folder["world"]);
        Churn.Run("score", "--config", config, "--model", model, "--out", folder["scores"], "--reasons", "0", "--quiet").Expect(ExitCode.Done);

        string asOf = ServedWorld.AsOfIn(folder["scores"]);
        var scores = ScoreParts.Read(folder["scores"], "probability").Take(60).ToArray();
        var rows = WorldJson.Read(config);
        Assert.True(scores.Length > 40, $"only {scores.Length} customers were at risk");
        await Eventually.Holds(async () =>
        {
            foreach ((string customer, string?[] scored) in scores)
            {
                if (!IsSame(await Probability(service, customer, rows[customer], asOf), scored))
                    return false;
            }
            return true;
        });
        Assert.Equal("ready", (await service.Get("/ready")).Body.GetProperty("status").GetString());

        void Generate(string name, string seed) =>
            Churn.Run("generate", "--scenario", "music-log", "--customers", "150", "--seed", seed, "--out", folder[name], "--quiet").Expect(ExitCode.Done);
    }

    private static async Task<float> Probability(RunningService service, string customer, Dictionary<string, List<string>> rows, string asOf) =>
        (await service.Ask("/predict/user", WorldJson.Request(customer, rows, asOf))).GetProperty("churn_probability").GetSingle();

    private static bool IsSame(float served, string?[] scored) =>
        BitConverter.SingleToInt32Bits(served) == BitConverter.SingleToInt32Bits(float.Parse(scored[0]!, CultureInfo.InvariantCulture));
}
