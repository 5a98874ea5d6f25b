using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Objectives, metrics, weights and continued training as a command line asks for them.</summary>
public sealed class TrainOptionTests(SmallProject small)
{
    [Fact]
    public void Train_ContinueFrom_AddsTreesToThoseOfTheModel()
    {
        using var folder = new TemporaryDirectory();
        string[] common = ["train", "--config", small.Config, "--early-stopping-rounds", "0", "--set", "subsample=0.8"];
        Churn.Run([.. common, "--trees", "9", "--model", folder["whole.onnx"], "--quiet"]).Expect(ExitCode.Done);
        Churn.Run([.. common, "--trees", "4", "--model", folder["first.onnx"], "--quiet"]).Expect(ExitCode.Done);
        CommandRun rest = Churn.Run([.. common, "--trees", "5", "--continue-from", folder["first.onnx"], "--model", folder["rest.onnx"], "--quiet"]).Expect(ExitCode.Done);
        ChurnModel first = ModelFile.Load(folder["first.onnx"]), whole = ModelFile.Load(folder["whole.onnx"]), continued = ModelFile.Load(folder["rest.onnx"]);
        Assert.Contains($"went on from the trees of {first.Version}", rest.Output, StringComparison.Ordinal);
        Assert.Contains("9 trees over", rest.Output, StringComparison.Ordinal);
        Assert.Equal(whole.Ensemble.Trees.SelectMany(tree => tree.LeafValue), continued.Ensemble.Trees.SelectMany(tree => tree.LeafValue));
        Assert.Equal("0.8", continued.Metadata.TrainerOptions["RowSample"]);
        JsonElement json = Churn.Result([.. common, "--trees", "1", "--continue-from", folder["first.onnx"], "--model", folder["more.onnx"]]).GetProperty("training");
        Assert.Equal((5, first.Version), (json.GetProperty("trees").GetInt32(), json.GetProperty("continued_from").GetString()));
    }

    [Fact]
    public void Train_FocalBalancedByAuc_IsCalibratedAllTheSame()
    {
        using var folder = new TemporaryDirectory();
        JsonElement trained = Churn.Result("train", "--config", small.Config, "--trees", "40", "--objective", "focal", "--early-stopping-metric", "auc", "--set", "class_weight=balanced", "num_leaves=15", "--model", folder["m.onnx"]).GetProperty("training");
        IReadOnlyDictionary<string, string> options = ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions;
        Assert.Equal(("Focal", "RocAuc", "balanced", "15"), (options["Objective"], options["EarlyStoppingMetric"], options["ClassWeight"], options["MaxLeaves"]));
        JsonElement metrics = trained.GetProperty("metrics");
        Assert.InRange(metrics.GetProperty("mean_probability").GetDouble() - metrics.GetProperty("positive_rate").GetDouble(), -0.03, 0.03);
    }

    [Fact]
    public void TrainTable_Tweedie_ScoresAreAboveNothing()
    {
        using var folder = new TemporaryDirectory();
        string[] lines = File.ReadAllLines(small.Table);
        int price = Array.IndexOf(lines[0].Split(','), "price");
        string table = folder.Write("spend.csv", string.Join('\n', lines.Select((line, row) => $"{line},{(row == 0 ? "spent" : row % 3 == 0 ? "0" : line.Split(',')[price])}")) + "\n");
        Churn.Run("train", "--table", table, "--id", "id", "--label", "spent", "--drop", "Churn", "--task", "regression", "--cv", "2", "--trees", "30", "--objective", "tweedie", "--set", "tweedie_variance_power=1.3", "min_data_in_leaf=10", "--model", folder["m.onnx"], "--quiet").Expect(ExitCode.Done);
        ChurnModel model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal((OutputLink.Exp, "1.3"), (model.Metadata.Link, model.Metadata.TrainerOptions["TweedieVariancePower"]));
        Churn.Run("score", "--table", table, "--model", folder["m.onnx"], "--out", folder["scores"], "--quiet").Expect(ExitCode.Done);
        float[] values = [.. ScoreParts.Read(folder["scores"], "value").Values.Select(cells => float.Parse(cells[0]!, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(400, values.Length);
        Assert.All(values, value => Assert.True(value > 0));
        Churn.Run("evaluate", "--table", table, "--model", folder["m.onnx"], "--quiet").Expect(ExitCode.Done);
    }

    [Fact]
    public void Help_OfTrain_NamesTheChoices()
    {
        string help = Churn.Run("train", "--help").Output.ReplaceLineEndings(" ");
        Assert.All((string[])["--objective <NAME>", "poisson", "tweedie", "quantile", "focal", "--early-stopping-metric <NAME>", "average_precision", "--set <NAME=VALUE>", "--continue-from <FILE>"], part => Assert.Contains(part, help, StringComparison.Ordinal));
    }
}
