using System.Globalization;
using System.Text.Json;
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
                JsonElement answer = await service.Ask("/predict/user", WorldJson.Request(customer, rows[customer], asOf));
                Assert.True(BitConverter.SingleToInt32Bits(answer.GetProperty("churn_probability").GetSingle()) == BitConverter.SingleToInt32Bits(float.Parse(scored[0]!, CultureInfo.InvariantCulture)),
                    $"{scenario}, customer {customer} by {open.Method.DeclaringType!.Name}: {answer.GetProperty("churn_probability")} by the service, {scored[0]} by the job");
                compared++;
            }
            Assert.True(compared > 80, $"only {compared} customers were at risk");
        }
    }
}
