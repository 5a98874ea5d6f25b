using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>Training that goes on from a model file, and class weights, from the events to the file.</summary>
public sealed class ContinuedModelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("row_sample: 0.6, column_sample: 0.5, seed: 4, ")]
    [InlineData("objective: focal, class_weight: balanced, ")]
    public void Train_SomeTreesAndThenTheRest_GivesTheTreesOfOneTraining(string options)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: $"train: {{ {options}early_stopping_rounds: 0 }}\n");
        TrainStep.Run(project, Request(folder["whole.onnx"], 12), SmallData.Walk, SmallData.Context());
        TrainReport first = TrainStep.Run(project, Request(folder["first.onnx"], 5), SmallData.Walk, SmallData.Context());
        TrainReport rest = TrainStep.Run(project, Request(folder["rest.onnx"], 7) with { ContinueFrom = folder["first.onnx"] }, SmallData.Walk, SmallData.Context());
        ChurnModel whole = ModelFile.Load(folder["whole.onnx"]), continued = ModelFile.Load(folder["rest.onnx"]);
        Assert.Equal((12, 12, first.Version), (rest.Trees, continued.Ensemble.Trees.Count, rest.ContinuedFrom));
        Assert.Equal((first.Version, "5"), (continued.Metadata.TrainerOptions["ContinuedFrom"], continued.Metadata.TrainerOptions["ContinuedTrees"]));
        Assert.Equal(whole.Ensemble.Trees.SelectMany(tree => tree.LeafValue), continued.Ensemble.Trees.SelectMany(tree => tree.LeafValue));
        Assert.Equal(whole.Ensemble.Trees.SelectMany(tree => tree.Threshold), continued.Ensemble.Trees.SelectMany(tree => tree.Threshold));
        Assert.Equal((whole.Ensemble.BaseMargin, whole.Calibration), (continued.Ensemble.BaseMargin, continued.Calibration));
        Assert.Null(first.ContinuedFrom);
    }

    [Fact]
    public void Train_OnMoreData_KeepsTheTreesAndTheCategories()
    {
        using var folder = new TemporaryDirectory();
        TrainStep.Run(SmallData.Project(folder, months: 12), Request(folder["old.onnx"], 6), SmallData.Walk, SmallData.Context());
        TrainReport report = TrainStep.Run(SmallData.Project(folder, months: 14), Request(folder["new.onnx"], 6) with { ContinueFrom = folder["old.onnx"] }, SmallData.Walk, SmallData.Context());
        ChurnModel old = ModelFile.Load(folder["old.onnx"]), model = ModelFile.Load(folder["new.onnx"]);
        Assert.InRange(report.Trees, old.Ensemble.Trees.Count, old.Ensemble.Trees.Count + 6);
        Assert.Equal(old.Ensemble.Trees.SelectMany(tree => tree.LeafValue), model.Ensemble.Trees.Take(old.Ensemble.Trees.Count).SelectMany(tree => tree.LeafValue));
        Assert.True(model.Metadata.TrainingAsOf.Max() > old.Metadata.TrainingAsOf.Max());
    }

    [Fact]
    public void Train_ModelThatKnowsWhatIsMeasuredOn_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        TrainStep.Run(SmallData.Project(folder, months: 14), Request(folder["new.onnx"], 3), SmallData.Walk, SmallData.Context());
        ChurnModelException error = Assert.Throws<ChurnModelException>(() =>
            TrainStep.Run(SmallData.Project(folder, months: 12), Request(folder["m.onnx"], 3) with { ContinueFrom = folder["new.onnx"] }, SmallData.Walk, SmallData.Context()));
        Assert.Equal(5205, error.Code.Number);
        Assert.Contains("calibrates or is measured on", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("up to 2024-11", error.Actual, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    [Theory]
    [InlineData("train: { objective: focal }\n", "focal (focal_gamma 2, focal_alpha 0.25)", "logistic")]
    [InlineData("train: { }\n", "logistic", "focal", "focal")]
    [InlineData("train: { objective: focal, focal_gamma: 1 }\n", "focal (focal_gamma 1, focal_alpha 0.25)", "focal (focal_gamma 2, focal_alpha 0.25)", "focal")]
    public void Train_ModelOfAnotherObjective_IsRefusedBeforeTheDataIsRead(string section, string expected, string actual, string of = "logistic")
    {
        using var folder = new TemporaryDirectory();
        TrainStep.Run(SmallData.Project(folder, more: $"train: {{ objective: {of} }}\n"), Request(folder["old.onnx"], 3), SmallData.Walk, SmallData.Context());
        ProjectConfig project = SmallData.Project(folder, more: section);
        File.Delete(folder["project/events.csv"]);
        ChurnModelException error = Assert.Throws<ChurnModelException>(() => TrainStep.Run(project, Request(folder["m.onnx"], 3) with { ContinueFrom = folder["old.onnx"] }, SmallData.Walk, SmallData.Context()));
        Assert.Equal((5205, expected, actual), (error.Code.Number, error.Expected, error.Actual));
    }

    [Fact]
    public void Train_ModelOfAnotherPlanOrOfATable_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TableTrainStep.Run(SmallData.Table(folder), SmallData.Training(folder["table.onnx"]), 2, SmallData.Walk, SmallData.Context());
        Assert.Equal(5202, Code(folder["table.onnx"]));
        Assert.Equal(5001, Code(folder["none.onnx"]));
        TrainStep.Run(ProjectConfig.Parse(SmallData.Yaml.Replace("windows: [30]", "windows: [20]", StringComparison.Ordinal), project.File), Request(folder["other.onnx"], 2), SmallData.Walk, SmallData.Context());
        Assert.Equal(5003, Code(folder["other.onnx"]));
        ChurnConfigException table = Assert.Throws<ChurnConfigException>(() =>
            TableTrainStep.Run(SmallData.Table(folder), SmallData.Training(folder["m.onnx"]) with { ContinueFrom = folder["table.onnx"] }, 2, SmallData.Walk, SmallData.Context()));
        Assert.Equal(1117, table.Code.Number);

        int Code(string path) => Assert.Throws<ChurnModelException>(() => TrainStep.Run(project, Request(folder["m.onnx"], 3) with { ContinueFrom = path }, SmallData.Walk, SmallData.Context())).Code.Number;
    }

    [Fact]
    public void Train_FileThatNamesOtherFeatures_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainStep.Run(project, Request(folder["old.onnx"], 3), SmallData.Walk, SmallData.Context());
        ChurnModel old = ModelFile.Load(folder["old.onnx"]);
        FeatureInfo[] other = [old.Metadata.Features[0] with { Name = "other" }, .. old.Metadata.Features.Skip(1)];
        ModelFile.Save(new ChurnModel { Predictor = old.Ensemble, Calibration = old.Calibration, Metadata = old.Metadata with { Features = other } }, folder["changed.onnx"], old.Golden!.Rows);
        ChurnModelException error = Assert.Throws<ChurnModelException>(() => TrainStep.Run(project, Request(folder["m.onnx"], 3) with { ContinueFrom = folder["changed.onnx"] }, SmallData.Walk, SmallData.Context()));
        Assert.Equal((5205, "plays_30d", "other"), (error.Code.Number, error.Expected, error.Actual));
    }

    // Weights make the raw margins claim that half of all customers leave; the calibration snapshot has no weights.
    [Theory]
    [InlineData("class_weight: balanced")]
    [InlineData("scale_pos_weight: 20")]
    [InlineData("class_weight: { 0: 1, 1: 8 }, objective: focal, eval_metric: logloss")]
    public void Train_ClassWeights_LeaveTheProbabilitiesHonest(string options)
    {
        using var folder = new TemporaryDirectory();
        TrainReport plain = TrainStep.Run(SmallData.Project(folder), Request(folder["plain.onnx"], 30), SmallData.Walk, SmallData.Context());
        TrainReport weighed = TrainStep.Run(SmallData.Project(folder, more: $"train: {{ {options} }}\n"), Request(folder["m.onnx"], 30), SmallData.Walk, SmallData.Context());
        Assert.Equal(plain.Metrics["positive_rate"], weighed.Metrics["positive_rate"]);
        Assert.InRange(weighed.Metrics["mean_probability"] - plain.Metrics["mean_probability"], -0.02, 0.02);
        Assert.InRange(weighed.Metrics["log_loss"] - plain.Metrics["log_loss"], -0.02, 0.02);
        Assert.InRange(weighed.Metrics["ece"], 0, plain.Metrics["ece"] + 0.03);
        ChurnModel a = ModelFile.Load(folder["plain.onnx"]), b = ModelFile.Load(folder["m.onnx"]);
        Assert.True(b.Ensemble.BaseMargin > a.Ensemble.BaseMargin + 0.5, $"{a.Ensemble.BaseMargin} and {b.Ensemble.BaseMargin}");
        Assert.NotEqual("none", b.Metadata.CalibrationMethod);
    }

    private static TrainRequest Request(string path, int trees) => SmallData.Training(path) with { Overrides = new TrainOverrides { Trees = trees } };
}
