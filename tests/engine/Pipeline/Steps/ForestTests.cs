using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>Forests in the place of boosted trees, and the trace of what boosting does.</summary>
public sealed class ForestTests
{
    [Theory]
    [InlineData("forest", true)]
    [InlineData("extra_trees", false)]
    public void Train_ProjectThatSaysForest_EvaluatesScoresAndGivesReasons(string algorithm, bool hasOutOfBag)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: $"train: {{ algorithm: {algorithm}, trees: 40, max_leaves: 20 }}\n");
        TrainReport report = TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.Equal((algorithm, 40), (report.Algorithm, report.Trees));
        Assert.Equal(hasOutOfBag, report.Size.Contains("out-of-bag AUC", StringComparison.Ordinal));
        Assert.InRange(report.Metrics["roc_auc"], 0.6, 0.9);

        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.Equal(hasOutOfBag, metadata.TrainerOptions.ContainsKey("OutOfBagAUC"));
        Assert.Equal("platt", metadata.CalibrationMethod);
        Assert.Contains(metadata.Importance, feature => feature.Splits > 0);
        EvaluationReport evaluated = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), SmallData.Context());
        Assert.All(report.Metrics, metric => Assert.Equal(metric.Value, evaluated.Metrics[metric.Key], 4));
        ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Reasons = 2, ReasonsFrom = 0 }, SmallData.Context());
        using ScoreTable scores = ScoreTable.Read(folder["scores"], DecisionSettings.Default, false, SmallData.Context());
        Assert.Contains(Enumerable.Range(0, scores.Rows).Select(scores.Reasons), text => text.Contains("plays in 30 days: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_TableWithAForest_TakesItsOptionsAndNoOthers()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        var forest = new TrainOverrides { Algorithm = "forest", Trees = 30, Named = [new NamedOption("--set", "colsample_bynode", "1")] };
        TrainReport report = TableTrainStep.Run(table, Training(folder["m.onnx"]) with { Overrides = forest }, 3, SmallData.Walk, SmallData.Context());
        Assert.InRange(report.MeanFoldAuc!.Value, 0.7, 0.95);
        Assert.Equal("1", ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions["ColumnSampleByNode"]);
        Assert.Equal(ModelTask.Regression, Trained(table with { Label = "spend", Task = ModelTask.Regression }, forest).Task);
        foreach (TrainOverrides nonsense in (TrainOverrides[])[forest with { LearningRate = 0.1 }, forest with { Alpha = 1 }, forest with { Named = [new NamedOption("--set", "lambda", "3")] }, forest with { EarlyStoppingRounds = 3 }])
            Assert.Equal(1119, Assert.Throws<ChurnConfigException>(() => Trained(table, nonsense)).Code.Number);

        ModelMetadata Trained(TableInput input, TrainOverrides overrides)
        {
            TableTrainStep.Run(input, Training(folder["other.onnx"]) with { Overrides = overrides }, 2, SmallData.Walk, SmallData.Context());
            return ModelFile.Load(folder["other.onnx"]).Metadata;
        }
    }

    [Fact]
    public void Train_WithTrace_WritesALineForEverySplitOfTheModel()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: "");
        TrainStep.Run(project, Training(folder["m.onnx"]) with { TracePath = folder["splits.jsonl"], Overrides = new TrainOverrides { Trees = 6, EarlyStoppingRounds = 0 } }, SmallData.Walk, SmallData.Context());
        JsonElement[] lines = [.. File.ReadLines(folder["splits.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
        IReadOnlyList<DecisionTree> trees = ModelFile.Load(folder["m.onnx"]).Ensemble.Trees;
        Assert.Equal(trees.Sum(tree => tree.NodeCount), lines.Length);
        Assert.Equal(trees.SelectMany((tree, number) => Enumerable.Range(0, tree.NodeCount).Select(node => (number, node))), lines.Select(line => (line.GetProperty("tree").GetInt32(), line.GetProperty("node").GetInt32())));
        Assert.All(lines, line => Assert.True(line.GetProperty("left").GetProperty("rows").GetInt64() > 0 && line.GetProperty("gain").GetDouble() > 0));
    }

    [Fact]
    public void Train_TraceThatCannotBe_LeavesNothingBehind()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        Directory.CreateDirectory(folder["taken"]);
        Assert.Equal(1121, Code(Training(folder["m.onnx"]) with { TracePath = folder["taken"] }));
        Assert.Equal(1119, Code(Training(folder["m.onnx"]) with { TracePath = folder["t.jsonl"], Overrides = new TrainOverrides { Algorithm = "logistic" } }));
        Assert.False(File.Exists(folder["m.onnx"]));
        Assert.False(File.Exists(folder["t.jsonl"]));

        int Code(TrainRequest request) => Assert.Throws<ChurnConfigException>(() => TableTrainStep.Run(table, request, 2, SmallData.Walk, SmallData.Context())).Code.Number;
    }

    private static TrainRequest Training(string path) => SmallData.Training(path) with { Overrides = new TrainOverrides() };
}
