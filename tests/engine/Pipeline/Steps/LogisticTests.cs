using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>Logistic regression in the place of trees, from the events to the reasons.</summary>
public sealed class LogisticTests
{
    [Fact]
    public void Train_ProjectThatSaysLogistic_EvaluatesScoresAndGivesReasons()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: "train: { algorithm: logistic }\n");
        TrainReport report = TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.Equal(("logistic", 0), (report.Algorithm, report.Trees));
        Assert.Contains("alpha", report.Size, StringComparison.Ordinal);
        Assert.InRange(report.Metrics["roc_auc"], 0.6, 0.9);
        Assert.Contains(report.Snapshots, use => use.Role == "stop");

        ChurnModel model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal("Logistic", model.Metadata.TrainerOptions["Algorithm"]);
        Assert.NotEqual("none", model.Metadata.CalibrationMethod);
        ModelCoefficient plays = Assert.Single(model.Metadata.Coefficients, c => c.Feature == "plays_30d" && c.Level.Length == 0);
        Assert.InRange(plays.Value, -2, -0.05);

        EvaluationReport evaluated = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), SmallData.Context(), new EvaluationExtras(new PermutationRequest(3, 1, null), null));
        Assert.All(report.Metrics, metric => Assert.Equal(metric.Value, evaluated.Metrics[metric.Key], 4));
        Assert.Equal("plays_30d", evaluated.Permutation!.Features[0].Feature);
        Assert.Equal(ModelCoefficient.InterceptName, evaluated.Learnt.Coefficients[0].Feature);
        Assert.Equal("plays_30d", evaluated.Learnt.Coefficients[1].Feature);
        Assert.Empty(evaluated.Learnt.Importance);

        ScoreReport scored = ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Reasons = 2, ReasonsFrom = 0 }, SmallData.Context());
        using ScoreTable scores = ScoreTable.Read(folder["scores"], DecisionSettings.Default, false, SmallData.Context());
        Assert.Equal(scored.Rows, scores.Rows);
        Assert.Contains(Enumerable.Range(0, scores.Rows).Select(scores.Reasons), text => text.StartsWith("plays in 30 days: 0, usual is ", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_SameRequestAndAnotherNumberOfThreads_SameBytes()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        byte[][] bytes = [.. ((int[])[1, 2, 5]).Select(threads =>
        {
            TrainRequest request = Training(folder[$"m{threads}.onnx"]);
            TableTrainStep.Run(table, request with { Overrides = new TrainOverrides { Algorithm = "logistic" } }, 3, SmallData.Walk, SmallData.Context() with { Budget = new JobBudget { Threads = threads } });
            return File.ReadAllBytes(folder[$"m{threads}.onnx"]);
        })];
        Assert.Equal(bytes[0], bytes[1]);
        Assert.Equal(bytes[0], bytes[2]);
    }

    [Fact]
    public void Train_Table_TakesTheStrengthOfTheFolds()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TrainReport report = TableTrainStep.Run(table, Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Algorithm = "logistic" } }, 3, SmallData.Walk, SmallData.Context());
        Assert.InRange(report.MeanFoldAuc!.Value, 0.7, 0.95);
        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.True(double.Parse(metadata.TrainerOptions["Alpha"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Contains(metadata.Coefficients, c => c.Feature == "spend" && c.Value < 0);

        TableTrainStep.Run(table, Training(folder["strong.onnx"]) with { Overrides = new TrainOverrides { Algorithm = "logistic", Alpha = 100 } }, 3, SmallData.Walk, SmallData.Context());
        Assert.Equal([ModelCoefficient.InterceptName], ModelFile.Load(folder["strong.onnx"]).Metadata.Coefficients.Select(c => c.Feature));
    }

    [Fact]
    public void Train_WhatLogisticCannot_IsRefusedByName()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        Assert.Equal(1118, Code(table with { Label = "spend", Task = ModelTask.Regression }, new TrainOverrides { Algorithm = "logistic" }));
        Assert.Equal(1119, Code(table, new TrainOverrides { Algorithm = "logistic", Trees = 5 }));
        Assert.Equal(1119, Code(table, new TrainOverrides { L1Ratio = 0.5 }));
        Assert.Equal(4007, Code(table, new TrainOverrides { Algorithm = "logistic", Alpha = -1 }));
        Assert.False(File.Exists(folder["m.onnx"]));

        int Code(TableInput input, TrainOverrides overrides) =>
            Assert.Throws<ChurnConfigException>(() => TableTrainStep.Run(input, Training(folder["m.onnx"]) with { Overrides = overrides }, 2, SmallData.Walk, SmallData.Context())).Code.Number;
    }

    [Fact]
    public void Evaluate_PermutationOfTrees_IsSeededAndByTheMetric()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 2, SmallData.Walk, SmallData.Context());
        EvaluationReport once = Evaluate(new PermutationRequest(4, 1, "log_loss"), threads: 1), again = Evaluate(new PermutationRequest(4, 1, "log_loss"), threads: 3);
        Assert.Equal(once.Permutation!.Features, again.Permutation!.Features);
        Assert.NotEqual(once.Permutation.Features, Evaluate(new PermutationRequest(4, 2, "log_loss"), threads: 1).Permutation!.Features);
        Assert.Equal(("log_loss", 4), (once.Permutation.Metric, once.Permutation.Repeats));
        Assert.Equal("spend", once.Permutation.Features[0].Feature);
        Assert.InRange(once.Permutation.Features[0].Loss, 0.05, 1);
        Assert.True(once.Permutation.Features[0].Deviation > 0);
        Assert.Equal("spend", once.Learnt.Importance[0].Feature);
        Assert.Equal(1, once.Learnt.Importance.Sum(row => row.GainShare), 1e-9);
        Assert.Equal(1120, Assert.Throws<ChurnConfigException>(() => Evaluate(new PermutationRequest(4, 1, "rmse"), 1)).Code.Number);
        Assert.Null(EvaluateStep.Run(table.Path, SmallData.Choice(folder["m.onnx"]), SmallData.Context()).Permutation);

        EvaluationReport Evaluate(PermutationRequest request, int threads) =>
            EvaluateStep.Run(table.Path, SmallData.Choice(folder["m.onnx"]), SmallData.Context() with { Budget = new JobBudget { Threads = threads } }, new EvaluationExtras(request, null));
    }

    private static TrainRequest Training(string path) => SmallData.Training(path) with { Overrides = new TrainOverrides() };
}
