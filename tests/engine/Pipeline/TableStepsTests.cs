using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>A plain table with text keys, through every step.</summary>
public sealed class TableStepsTests
{
    [Fact]
    public void Train_Folds_MeasuresOnEveryRowOnce()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TrainReport report = TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 3, SmallData.Walk, SmallData.Context());
        Assert.Equal(3, report.FoldAuc.Count);
        Assert.Equal(report.FoldAuc.Average(), report.MeanFoldAuc);
        Assert.Equal(300, report.Metrics["rows"]);
        Assert.Contains("3 stratified folds over 300 rows", report.Design, StringComparison.Ordinal);
        Assert.InRange(report.MeanFoldAuc!.Value, 0.65, 0.95);

        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.Equal(["spend", "plan"], metadata.Features.Select(feature => feature.Name));
        Assert.Equal(300, metadata.TrainingRows);
        Assert.Equal(report.Metrics["roc_auc"], metadata.Metrics["cv.roc_auc"]);
        Assert.Equal(SmallData.EngineVersion, metadata.EngineVersion);
        Assert.InRange(report.Trees, 1, 20);
    }

    [Fact]
    public void Train_NoFolds_HoldsOutAFifth()
    {
        using var folder = new TemporaryDirectory();
        TrainReport report = TableTrainStep.Run(SmallData.Table(folder), SmallData.Training(folder["m.onnx"]), 0, SmallData.Walk, SmallData.Context());
        Assert.Empty(report.FoldAuc);
        Assert.Null(report.MeanFoldAuc);
        Assert.InRange(report.Metrics["rows"], 59, 61);
        Assert.Contains("hold-out", report.Design, StringComparison.Ordinal);
        Assert.Contains("holdout.roc_auc", ModelFile.Load(folder["m.onnx"]).Metadata.Metrics.Keys);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(51)]
    public void Train_BadFolds_AreRefused(int folds)
    {
        using var folder = new TemporaryDirectory();
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => TableTrainStep.Run(SmallData.Table(folder), SmallData.Training(folder["m.onnx"]), folds, SmallData.Walk, SmallData.Context()));
        Assert.Equal(1106, error.Code.Number);
    }

    [Fact]
    public void Train_SameSeed_SameBytes_AnotherSeedOtherFolds()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        byte[][] bytes = [.. ((ulong[])[1, 1, 2]).Select((seed, i) =>
        {
            TrainRequest request = SmallData.Training(folder[$"m{i}.onnx"]);
            TableTrainStep.Run(table, request with { Overrides = request.Overrides with { Seed = seed } }, 3, SmallData.Walk, SmallData.Context());
            return File.ReadAllBytes(folder[$"m{i}.onnx"]);
        })];
        Assert.Equal(bytes[0], bytes[1]);
        Assert.NotEqual(bytes[0], bytes[2]);
    }

    [Fact]
    public void Train_ManyLeavesAsked_AreNotTakenBack()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TrainRequest request = SmallData.Training(folder["m.onnx"]);
        TableTrainStep.Run(table, request, 2, SmallData.Walk, SmallData.Context());
        Assert.Equal("8", ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions["MaxLeaves"]);
        TableTrainStep.Run(table, request with { Overrides = request.Overrides with { MaxLeaves = 31 } }, 2, SmallData.Walk, SmallData.Context());
        Assert.Equal("31", ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions["MaxLeaves"]);
    }

    [Fact]
    public void ScoreAndDecide_TextKeys_ComeOutAsTheyWentIn()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 2, SmallData.Walk, SmallData.Context());
        ScoreReport scored = ScoreStep.Run(ScoreInput.OfTable(table.Path), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Columns = ["spend"], Reasons = 2, ReasonsFrom = 0 }, SmallData.Context());
        Assert.Equal(300, scored.Rows);

        using (ScoreTable scores = ScoreTable.Read(folder["scores"], DecisionSettings.Default with { ValueColumn = "spend" }, false, SmallData.Context()))
        {
            Assert.Equal(300, scores.Rows);
            Assert.Equal(Enumerable.Range(0, 300).Select(i => $"c-{i}").Order(StringComparer.Ordinal), Enumerable.Range(0, 300).Select(scores.CustomerId).Order(StringComparer.Ordinal));
            Dictionary<string, string> spend = File.ReadLines(table.Path).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => cells[1]);
            for (int row = 0; row < scores.Rows; row++)
            {
                string expected = spend[scores.CustomerId(row)];
                Assert.Equal(expected.Length == 0 ? double.NaN : double.Parse(expected, CultureInfo.InvariantCulture), scores.Value[row]);
                // Only what raises the risk is a reason, so somebody at little risk may have none.
                Assert.True(scores.Score[row] < 0.6 || scores.Reasons(row).Contains(": ", StringComparison.Ordinal), scores.CustomerId(row));
            }
        }

        DecisionReport decided = DecideStep.Run(folder["scores"], null, new DecisionOverrides { ValueColumn = "spend", SaveRate = 0.5, Cost = 1, Out = folder["plan.csv"] }, SmallData.Context());
        Assert.Equal(300, decided.Scored);
        Assert.Equal(300, decided.RiskLevels.Values.Sum());
        string[] lines = File.ReadAllLines(folder["plan.csv"]);
        Assert.Equal(decided.Chosen + 1, lines.Length);
        Assert.All(lines[1..], line => Assert.StartsWith("c-", line.Split(',')[1], StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_ValueColumnOfTexts_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 2, SmallData.Walk, SmallData.Context());
        ScoreStep.Run(ScoreInput.OfTable(table.Path), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Columns = ["plan"] }, SmallData.Context());
        ChurnException error = Assert.ThrowsAny<ChurnException>(() => DecideStep.Run(folder["scores"], null, new DecisionOverrides { ValueColumn = "plan", Out = folder["plan.csv"] }, SmallData.Context()));
        Assert.Contains("'plan'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["plan.csv"]));
    }

    [Fact]
    public void Decide_UnfinishedScores_AreRefused()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 2, SmallData.Walk, SmallData.Context());
        ScoreStep.Run(ScoreInput.OfTable(table.Path), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]), SmallData.Context());
        File.Delete(folder["scores/_SUCCESS"]);
        Assert.Equal(6101, Assert.Throws<ChurnDataException>(() => DecideStep.Run(folder["scores"], null, new DecisionOverrides { Out = folder["plan.csv"] }, SmallData.Context())).Code.Number);
    }

    [Fact]
    public void Steps_Cancelled_LeaveNothing()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        StepContext cancelled = SmallData.Context(new CancellationToken(canceled: true));
        Assert.ThrowsAny<OperationCanceledException>(() => TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]), 2, SmallData.Walk, cancelled));
        Assert.Equal(["table.csv"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}
