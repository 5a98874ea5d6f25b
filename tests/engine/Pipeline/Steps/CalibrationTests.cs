using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>From churn.yaml and flags to the calibration and threshold in the model, and to what uses them.</summary>
public sealed class CalibrationTests
{
    [Theory]
    [InlineData("platt")]
    [InlineData("beta")]
    [InlineData("isotonic")]
    public void Train_ProjectThatSaysWhich_KeepsItInTheModelWithWhatItDid(string method)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: $"train: {{ calibration: {method}, trees: 20 }}\n");
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        ChurnModel model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal((method, method), (model.Metadata.CalibrationMethod, model.Calibration.Method));
        CalibrationRecord record = model.Metadata.Calibration!;
        Assert.Equal(("asked for", 5), (record.Reason, record.Folds));
        Assert.Equal(["beta", "isotonic", "none", "platt"], record.LogLoss.Keys);
        Assert.Equal(record.LogLoss[method], record.After.LogLoss, 1e-6);
        Assert.InRange(record.After.Ece, 0, 0.2);
        Assert.Equal(record.Rows, record.After.Reliability.Sum(point => point.Rows));
        Assert.Equal(report.Snapshots.Single(use => use.Role == "calibrate").Rows, record.Rows);
        Assert.NotEmpty(model.Metadata.LearningCurve!.Validation);
        Assert.True(double.IsFinite(report.Metrics["log_loss"]));
    }

    [Fact]
    public void Train_SmallTable_TakesTheSimplest_AndMeasuresOutOfFold()
    {
        using var folder = new TemporaryDirectory();
        TrainReport report = TableTrainStep.Run(SmallData.Table(folder), SmallData.Training(folder["m.onnx"]), 3, SmallData.Walk, SmallData.Context());
        Assert.Equal("platt", report.Calibration!.Method);
        Assert.Equal(report.Calibration.After.LogLoss, report.Metrics["log_loss"], 1e-9);
    }

    [Fact]
    public void Decide_UncalibratedScores_AreRefused()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: "");
        StepContext context = SmallData.Context();
        TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Trees = 10, Calibration = "none" } }, SmallData.Walk, context);
        Assert.Contains(context.Warnings, warning => warning.Contains("not calibrated", StringComparison.Ordinal));
        ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]), SmallData.Context());
        Assert.Equal(1154, Assert.Throws<ChurnDataException>(() => DecideStep.Run(folder["scores"], project, new DecisionOverrides { Out = folder["plan.csv"] }, SmallData.Context())).Code.Number);
    }

    [Fact]
    public void Train_ThresholdRules_AreKeptInTheModelInWords()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: "train: { trees: 20, threshold: { by: capacity, contacts: 30 } }\ndecisions: { value: 100, cost: 4, save_rate: 0.5 }\n");
        Assert.Equal("the 30 most likely to leave", Train(null).ThresholdRule!.Rule);
        Assert.Equal(0.08, Train("value").Threshold, 6);
        ModelMetadata impossible = Train("precision=0.999");
        Assert.True(impossible.ThresholdRule!.IsKept || impossible.ThresholdRule.Reason.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.StartsWith("recall at least 0.9: flags", Train("recall=0.9").ThresholdRule!.Reason, StringComparison.Ordinal);
        foreach (string bad in (string[])["precision", "precision=1.5", "recall=0", "capacity=1.5", "value=1,2", "f_beta=x", "accuracy=1"])
            Assert.Equal(1150, Assert.Throws<ChurnConfigException>(() => Train(bad)).Code.Number);
        Assert.Equal(1151, Code(new TrainOverrides { ThresholdBy = "value", Calibration = "none" }));
        Assert.Equal(1152, Code(new TrainOverrides { ThresholdPer = "tenure_days" }));

        ModelMetadata Train(string? by)
        {
            TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Trees = 10, ThresholdBy = by } }, SmallData.Walk, SmallData.Context());
            return ModelFile.Load(folder["m.onnx"]).Metadata;
        }

        int Code(TrainOverrides overrides) =>
            Assert.Throws<ChurnConfigException>(() => TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Overrides = overrides }, SmallData.Walk, SmallData.Context())).Code.Number;
    }

    [Fact]
    public void Train_ThresholdPerSegment_FlagsEachByItsOwn()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder, rows: 900);
        var overrides = new TrainOverrides { Trees = 20, ThresholdBy = "capacity=40", ThresholdPer = "plan" };
        TrainReport report = TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]) with { Overrides = overrides }, 3, SmallData.Walk, SmallData.Context());
        Assert.Equal(["monthly", "yearly"], report.Threshold!.Segments.Select(segment => segment.Category).Order());
        Assert.InRange(report.Metrics["true_positives"] + report.Metrics["false_positives"], 55, 105);

        ScoreRequest request = SmallData.Scoring(folder["scores"]) with { Columns = ["plan"], Output = new OutputOverrides { Flag = true, Format = "csv" } };
        ScoreStep.Run(ScoreInput.OfTable(table.Path), SmallData.Choice(folder["m.onnx"]), request, SmallData.Context());
        string[][] rows = [.. Directory.GetFiles(folder["scores"], "part-*.csv").SelectMany(File.ReadLines).Where(line => line.StartsWith("c-", StringComparison.Ordinal)).Select(line => line.Split(','))];
        Assert.Equal(900, rows.Length);
        var threshold = report.Threshold.Segments.ToDictionary(segment => segment.Category, segment => (float)segment.Threshold);
        // id, probability, margin, flagged, plan
        Assert.All(rows, row => Assert.Equal(float.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture) >= threshold[row[4]] ? "1" : "0", row[3]));
        Assert.Contains(rows, row => row[3] == "1");
    }

    [Fact]
    public void Train_FlagsOfChurn_AreRefusedForAValue()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder) with { Label = "spend", Task = ModelTask.Regression };
        foreach (TrainOverrides overrides in (TrainOverrides[])[new() { Calibration = "beta" }, new() { ThresholdBy = "f_beta" }, new() { ThresholdPer = "plan" }])
            Assert.Equal(1153, Assert.Throws<ChurnConfigException>(() => TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]) with { Overrides = overrides }, 2, SmallData.Walk, SmallData.Context())).Code.Number);
    }
}
