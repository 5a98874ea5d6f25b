using System.Globalization;
using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Calibrated probabilities on a world whose true ones are known.</summary>
public sealed class CalibratedWorldTests
{
    [Fact]
    public void Train_WorldOf100000Customers_LosesLessThan001NatsToTheTruth_CalibratedEachWay()
    {
        using var folder = new TemporaryDirectory();
        JsonElement demo = Churn.Result("demo", "--customers", "100000", "--out", folder["demo"]);
        double best = Metric(demo.GetProperty("best_reachable"), "log_loss");
        Check(demo.GetProperty("metrics"), "as it is");
        // Churners that count five times as much push the margins up; every calibration must bring the probabilities back.
        foreach (string method in (string[])["platt", "beta", "isotonic"])
        {
            JsonElement training = Train(method);
            Check(training.GetProperty("metrics"), method);
            Assert.InRange(Metric(training.GetProperty("calibration").GetProperty("before"), "ece"), 0.1, 0.5);
        }
        Assert.True(Metric(Train("none").GetProperty("metrics"), "ece") > 0.1);

        void Check(JsonElement metrics, string what)
        {
            double regret = Metric(metrics, "log_loss") - best, ece = Metric(metrics, "ece");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: regret {regret:F5} nats, ECE {ece:F5}"));
            Assert.InRange(regret, 0, 0.01);
            Assert.InRange(ece, 0, 0.01);
        }

        JsonElement Train(string method) =>
            Churn.Result("train", "--config", folder["demo/data/churn.yaml"], "--model", folder["m.onnx"], "--calibration", method, "--set", "scale_pos_weight=5").GetProperty("training");
    }

    private static double Metric(JsonElement metrics, string name) => metrics.GetProperty(name).GetDouble();
}
