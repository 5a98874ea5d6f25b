using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A real table, trained once: IBM's telco churn, 7,043 customers.</summary>
public sealed class TelcoModel : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Lazy<JsonElement> _training;

    public TelcoModel() => _training = new Lazy<JsonElement>(() =>
        Churn.Result("train", "--table", Table, "--label", "Churn", "--id", "customerID", "--cv", "5", "--model", Model, "--compatible", Compatible).GetProperty("training"));

    public static string Table => Repository.SharedData("telco_ibm/WA_Fn-UseC_-Telco-Customer-Churn.csv");

    public string Model => _folder["telco.onnx"];

    public string Compatible => _folder["telco-compatible.onnx"];

    /// <summary>What training said; skips the test where the table is absent.</summary>
    public JsonElement Training => _training.Value;

    public void Dispose() => _folder.Dispose();
}

/// <summary>A plain table from the real world: `train --table --label --id`, then evaluate, score, decide; and the model elsewhere.</summary>
public sealed class TelcoTests(TelcoModel telco) : IClassFixture<TelcoModel>
{
    [Fact]
    public void Train_FiveFolds_MeanAucIsAtLeast084()
    {
        double mean = telco.Training.GetProperty("mean_fold_auc").GetDouble();
        TestContext.Current.TestOutputHelper?.WriteLine($"five-fold AUC {mean:F4}");
        Assert.InRange(mean, 0.84, 0.87);
        Assert.Equal(5, telco.Training.GetProperty("fold_auc").GetArrayLength());
        Assert.Equal(mean, telco.Training.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), 0.01);
    }

    [Fact]
    public void Train_Features_AreAllColumnsButIdAndLabel_BlanksInTotalChargesAreMissing()
    {
        Assert.Equal(19, telco.Training.GetProperty("features").GetInt32());
        IReadOnlyList<FeatureInfo> features = ModelFile.Load(telco.Model).Metadata.Features;
        string[] columns = File.ReadLines(TelcoModel.Table).First().TrimEnd('\r').Split(',');
        Assert.Equal(columns.Where(name => name is not ("customerID" or "Churn")).Order(), features.Select(feature => feature.Name).Order());
        Assert.Equal(FeatureKind.Numeric, features.Single(feature => feature.Name == "TotalCharges").Kind);
        Assert.Equal(["Month-to-month", "One year", "Two year"], features.Single(feature => feature.Name == "Contract").Categories.Order());

        (ChurnModel model, float[] rows, _) = FeatureRows.Of(telco.Model, TelcoModel.Table);
        int totalCharges = features.ToList().FindIndex(feature => feature.Name == "TotalCharges");
        Assert.Equal(11, Enumerable.Range(0, rows.Length / model.Ensemble.FeatureCount).Count(row => float.IsNaN(rows[row * model.Ensemble.FeatureCount + totalCharges])));
    }

    [Fact]
    public void TensorForm_OfEveryCustomer_GivesTheSameProbability()
    {
        Assert.Equal(19, telco.Training.GetProperty("features").GetInt32());
        (ChurnModel model, float[] rows, _) = FeatureRows.Of(telco.Model, TelcoModel.Table);
        DeviceTests.AssertSame(model, rows);
    }

    [Fact]
    public void Evaluate_OnItsOwnRows_SaysThatItFlatters()
    {
        double mean = telco.Training.GetProperty("mean_fold_auc").GetDouble();
        JsonElement evaluated = Churn.Result("evaluate", "--model", telco.Model, "--table", TelcoModel.Table);
        Assert.InRange(evaluated.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), mean, 0.95);
        Assert.Equal(7043, evaluated.GetProperty("metrics").GetProperty("rows").GetInt32());
        Assert.Equal(1869, evaluated.GetProperty("metrics").GetProperty("positives").GetInt32());
        Assert.Contains("flatters", evaluated.GetProperty("design").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Score_EveryCustomer_AndDecide()
    {
        using var folder = new TemporaryDirectory();
        Assert.Equal(19, telco.Training.GetProperty("features").GetInt32());
        JsonElement scored = Churn.Result("score", "--model", telco.Model, "--table", TelcoModel.Table, "--columns", "Contract", "MonthlyCharges", "--out", folder["scores"]).GetProperty("scoring");
        Assert.Equal(7043, scored.GetProperty("rows").GetInt32());
        Dictionary<string, string?[]> scores = ScoreParts.Read(folder["scores"], "probability", "Contract", "reason_1");
        Assert.Equal(File.ReadLines(TelcoModel.Table).Skip(1).Select(line => line.Split(',')[0]).Order(StringComparer.Ordinal), scores.Keys.Order(StringComparer.Ordinal));
        double threshold = ModelFile.Load(telco.Model).Metadata.Threshold;
        Assert.All(scores.Values, row => Assert.Equal(Number(row[0]) >= threshold, row[2] is not null));
        Assert.True(MeanOf("Month-to-month") > MeanOf("One year") && MeanOf("One year") > MeanOf("Two year"));

        JsonElement decided = Churn.Result("decide", "--scores", folder["scores"], "--value-column", "MonthlyCharges", "--save-rate", "0.3", "--cost", "5", "--capacity", "100", "--out", folder["plan.csv"]).GetProperty("decisions");
        Assert.Equal(100, decided.GetProperty("chosen").GetInt32());
        Assert.Equal(101, File.ReadAllLines(folder["plan.csv"]).Length);

        double MeanOf(string contract) => scores.Values.Where(row => row[1] == contract).Average(row => Number(row[0]));
    }

    [Fact]
    public void Model_InNode_GivesTheProbabilitiesOfTheScores()
    {
        Assert.Equal(19, telco.Training.GetProperty("features").GetInt32());
        using var folder = new TemporaryDirectory();
        Churn.Run("score", "--model", telco.Model, "--table", TelcoModel.Table, "--out", folder["scores"], "--reasons", "0").Expect(ExitCode.Done);
        ForeignModels.AssertSame(telco.Model, telco.Compatible, FeatureRows.Of(telco.Model, TelcoModel.Table), ScoreParts.Read(folder["scores"], "probability"));
    }

    [Fact]
    public void CompatibleModel_PassesTheOnnxChecker()
    {
        Assert.Equal(19, telco.Training.GetProperty("features").GetInt32());
        ForeignRuntimes.CheckOnnx(telco.Compatible);
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
