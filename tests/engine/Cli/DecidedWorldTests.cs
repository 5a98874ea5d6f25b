using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A plan on a world whose true probabilities are known: what it expects is what comes true.</summary>
public sealed class DecidedWorldTests
{
    private const double Value = 600, SaveRate = 0.3, Cost = 10;

    [Fact]
    public void Decide_WorldOf20000Customers_EarnsUnderTheTruthWhatThePlanExpects()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("generate", "--customers", "20000", "--seed", "5", "--out", folder["world"], "--quiet").Expect(ExitCode.Done);
        string config = folder["world/churn.yaml"];
        Churn.Run("train", "--config", config, "--model", folder["m.onnx"], "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--config", config, "--model", folder["m.onnx"], "--reasons", "0", "--out", folder["scores"], "--quiet").Expect(ExitCode.Done);
        JsonElement plan = Churn.Result("decide", "--scores", folder["scores"], "--value", "600", "--save-rate", "0.3", "--cost", "10", "--capacity", "1000", "--out", folder["plan.csv"]).GetProperty("decisions");
        Dictionary<string, double> truth = Truth(folder["world/truth/probabilities.parquet"], "2024-12-26");
        string[] contacted = [.. File.ReadAllLines(folder["plan.csv"]).Skip(1).Select(line => line.Split(',')[1])];
        Assert.Equal(1000, contacted.Length);

        JsonElement interval = plan.GetProperty("realised_interval");
        (double lower, double upper) = (interval.GetProperty("lower").GetDouble(), interval.GetProperty("upper").GetDouble());
        double expected = plan.GetProperty("expected_value").GetDouble(), mean = contacted.Sum(id => truth[id] * Value * SaveRate - Cost);
        // What happens to them: who would leave is saved with the save rate.
        var random = new Random(3);
        double realised = contacted.Sum(id => (random.NextDouble() < truth[id] * SaveRate ? Value : 0) - Cost);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"expected {expected:F0} ({lower:F0} to {upper:F0}), under the truth {mean:F0}, drawn {realised:F0}"));
        Assert.InRange(mean, lower, upper);
        Assert.InRange(realised, lower, upper);
        // A random thousand would not do.
        Assert.True(mean > 3 * 1000 * (truth.Values.Average() * Value * SaveRate - Cost));
    }

    private static Dictionary<string, double> Truth(string path, string asOf)
    {
        Assert.True(InstantText.TryParse(asOf, out long at));
        using var session = new IngestSession(new IngestOptions());
        var contract = new TableContract { Columns = [new("customer_id", ColumnType.Int64), new("as_of", ColumnType.TimestampMicros), new("probability", ColumnType.Float64)] };
        Dictionary<string, double> truth = [];
        foreach (RecordBatch batch in session.Read(new TableSource { Name = "truth", Path = path }, contract, CancellationToken.None))
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    if (batch.Values<long>("as_of")[i] == at)
                        truth.Add(batch.Values<long>("customer_id")[i].ToString(CultureInfo.InvariantCulture), batch.Values<double>("probability")[i]);
                }
            }
        }
        return truth;
    }
}
