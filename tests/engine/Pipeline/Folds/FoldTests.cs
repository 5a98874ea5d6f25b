using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Folds;

/// <summary>Folds by rolling origin, searches within what is trained on, and comparisons, on a project and on a table.</summary>
public sealed class FoldTests
{
    private const string Small = "trees: 20, snapshots: 3";

    [Fact]
    public void Train_ThreeFolds_EachIsMeasuredLaterThanItLearnt_AndTheModelStays()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 16, more: $"train: {{ {Small} }}\n");
        TrainReport plain = TrainStep.Run(project, SmallData.Training(folder["plain.onnx"]), SmallData.Walk, SmallData.Context());
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Design = new DesignOverrides { Folds = 3 } }, SmallData.Walk, SmallData.Context());
        Assert.Equal(plain.Version, report.Version);
        FoldReport folds = report.Folds!;
        Assert.Equal(3, folds.Folds.Count);
        foreach (FoldUse fold in folds.Folds)
        {
            Assert.Equal(["stop", "calibrate", "test"], fold.Snapshots.Select(use => use.Role).TakeLast(3));
            Assert.Equal(fold.Snapshots.Select(use => use.AsOf).Order(StringComparer.Ordinal), fold.Snapshots.Select(use => use.AsOf));
            Assert.Equal(fold.TrainedOn, fold.Snapshots.Where(use => use.Role == "train").Sum(use => use.Rows));
            Assert.Equal(fold.TestedOn, fold.Metrics["rows"]);
            Assert.True(fold.Snapshots[^1].Positives > 0);
        }
        // The last fold is cut as the model is, and so gives its metrics.
        Assert.Equal(report.Snapshots, folds.Folds[^1].Snapshots);
        Assert.Equal(report.Metrics["roc_auc"], folds.Folds[^1].Metrics["roc_auc"]);
        Assert.Equal(folds.Folds.Average(fold => fold.Metrics["roc_auc"]), folds.Summary["roc_auc"].Mean, 1e-12);
        Assert.True(folds.Summary["roc_auc"].Low < folds.Summary["roc_auc"].Mean);
    }

    [Fact]
    public void Train_CustomersApart_LearnsFromOthersThanItIsMeasuredOn()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: $"train: {{ {Small}, validation: {{ folds: 1, customers_apart: true, apart_share: 0.4 }} }}\n");
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        FoldUse fold = Assert.Single(report.Folds!.Folds);
        Assert.InRange((double)fold.TestedOn / fold.Snapshots[^1].Rows, 0.3, 0.5);
        Assert.InRange((double)fold.TrainedOn / fold.Snapshots.Where(use => use.Role == "train").Sum(use => use.Rows), 0.5, 0.7);
    }

    [Fact]
    public void Train_Tuned_SearchesOnTrainingDatesAlone_AndSaysWhatItChose()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 16, more: "train: { snapshots: 5, tune: { trials: 6, folds: 2, space: { learning_rate: { min: 0.02, max: 0.3, log: true }, max_leaves: { min: 2, max: 16, int: true }, growth: [leaf_wise, depth_wise] } } }\n");
        var shown = new Shown();
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context() with { Trials = shown });
        TuneReport found = report.Search!;
        Assert.Equal((6, 2), (found.Trials, found.Folds.Count));
        string stop = report.Snapshots.Single(use => use.Role == "stop").AsOf;
        Assert.All(found.Folds, fold => Assert.True(string.CompareOrdinal(fold["as of ".Length..], stop) < 0, fold));
        Assert.Equal(Enumerable.Range(0, 7), shown.Updates.Select(update => update.Number).Distinct().Order());
        IReadOnlyDictionary<string, string> options = ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions;
        Assert.Equal("6 trials by tpe, halving rows, seed 1", options["Tuning"]);
        Assert.Contains("learning_rate 0.02..0.3 log; max_leaves 2..16 int; growth [leaf_wise, depth_wise]", options["TuningSpace"], StringComparison.Ordinal);

        // A second run knows every trial, and gives the same bytes.
        var again = new Shown();
        TrainReport same = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context() with { Trials = again });
        Assert.Equal(report.Version, same.Version);
        Assert.All(again.Updates, update => Assert.True(update.WasKnown));

        // A kill leaves a line cut short: that trial is run again.
        string journal = folder["m.onnx.trials.jsonl"];
        string[] lines = File.ReadAllLines(journal);
        File.WriteAllText(journal, string.Join('\n', lines[..4]) + "\n" + lines[4][..20]);
        var resumed = new Shown();
        Assert.Equal(report.Version, TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context() with { Trials = resumed }).Version);
        Assert.Equal(4, resumed.Updates.Count(update => update.WasKnown));
        Assert.Equal(lines.Length, File.ReadAllLines(journal).Length);
    }

    [Fact]
    public void Train_TunedWithFolds_SearchesWithinEach()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 16, more: "train: { snapshots: 4, tune: { trials: 2, folds: 1 } }\n");
        var shown = new Shown();
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Design = new DesignOverrides { Folds = 2 } }, SmallData.Walk, SmallData.Context() with { Trials = shown });
        Assert.Equal(2, report.Folds!.Folds.Count);
        // Two folds and the model, whose search the last fold has done already.
        Assert.Equal(3, shown.Updates.Count(update => update.Number == 0));
        Assert.Equal(3, shown.Updates.Count(update => update.WasKnown));
    }

    [Fact]
    public void Train_TableTunedAndSelected_IsScoredByTheWalk()
    {
        using var folder = new TemporaryDirectory();
        TableInput table = SmallData.Table(folder);
        TrainReport report = TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]) with { Design = new DesignOverrides { Trials = 3, Select = "null", Imbalance = "smote" } }, 3, SmallData.Walk, SmallData.Context());
        Assert.Equal(3, report.Search!.Trials);
        Assert.Contains("spend", report.Selected);
        Assert.Equal(2, report.Features);
        Assert.InRange(report.MeanFoldAuc!.Value, 0.7, 0.95);
        // Calibrated on rows as they are, so probabilities are the customers' own.
        Assert.InRange(report.Metrics["mean_probability"] - report.Metrics["positive_rate"], -0.02, 0.02);
        EvaluateStep.Run(table.Path, SmallData.Choice(folder["m.onnx"]), SmallData.Context());
    }

    [Fact]
    public void Compare_Models_RanksThemAndNamesAWinnerByTheRule()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 16, more: $"train: {{ {Small} }}\n");
        CompareReport compared = CompareStep.Run(project, SmallData.Training(folder["m.onnx"]), Comparison.Models, SmallData.Context());
        Assert.Equal(["boosting", "extra_trees", "forest", "logistic", "recent_historical", "stack"], compared.Rows.Select(row => row.Name).Order());
        Assert.Equal(compared.Rows.OrderBy(row => row.Metrics["log_loss"].Mean), compared.Rows);
        MetricInterval best = compared.Rows[0].Metrics["log_loss"];
        CompareRow[] near = [.. compared.Rows.Where(row => row.Metrics["log_loss"].Mean <= best.Mean + best.StandardError)];
        Assert.Equal(near.MinBy(row => row.Bytes)!.Name, compared.Winner);
        Assert.All(compared.Rows, row => Assert.True(row is { FitSeconds: > 0, RowsPerSecond: > 0, Bytes: > 0 }));
        Assert.False(File.Exists(folder["m.onnx"]));
        CompareReport table = CompareStep.Run(SmallData.Table(folder), SmallData.Training(folder["m.onnx"]), Comparison.Models, 3, SmallData.Context());
        Assert.DoesNotContain("recent_historical", table.Rows.Select(row => row.Name));
    }

    [Fact]
    public void Compare_Imbalance_ShowsEachMethodCalibrated()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 14, more: $"train: {{ {Small}, imbalance: {{ method: cost, column: plays_30d, ratio: 0.6 }} }}\n");
        CompareReport compared = CompareStep.Run(project, SmallData.Training(folder["m.onnx"]), Comparison.Imbalance, SmallData.Context());
        Assert.Equal(["class weights", "cost by plays_30d", "focal", "none", "positive weight", "smote", "undersample"], compared.Rows.Select(row => row.Name).Order());
        Assert.All(compared.Rows, row => Assert.InRange(row.Metrics["log_loss"].Mean, 0.2, 0.6));
        Assert.All(compared.Rows, row => Assert.True(row.Metrics.ContainsKey("recall") && row.Metrics.ContainsKey("ece")));
    }

    [Theory]
    [InlineData("stack")]
    [InlineData("recent_historical")]
    public void Train_Ensemble_EvaluatesScoresAndGivesReasons(string algorithm)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, more: $"train: {{ algorithm: {algorithm}, trees: 30 }}\n");
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides() }, SmallData.Walk, SmallData.Context());
        Assert.Equal(algorithm, report.Algorithm);
        Assert.Contains(" x ", report.Size, StringComparison.Ordinal);
        EvaluationReport evaluated = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), SmallData.Context());
        Assert.All(report.Metrics, metric => Assert.Equal(metric.Value, evaluated.Metrics[metric.Key], 4));
        ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Reasons = 2, ReasonsFrom = 0 }, SmallData.Context());
    }

    [Theory]
    [InlineData("tune: { space: { learning_rat: { min: 0.1, max: 0.2 } } }", 1113)]
    [InlineData("tune: { space: { learning_rate: { min: 0.1 } } }", 1102)]
    [InlineData("tune: { space: { learning_rate: { min: 0, max: 0.3, log: true } } }", 1102)]
    [InlineData("tune: { space: { learning_rate: { min: 0.1, max: 3 } } }", 1102)]
    [InlineData("tune: { space: { growth: [leaf_wise, sideways] } }", 1102)]
    [InlineData("tune: { space: { seed: { min: 1, max: 3 } } }", 1113)]
    [InlineData("validation: { apart_share: 1 }", 1102)]
    [InlineData("imbalance: { method: smote, ratio: 2 }", 1102)]
    [InlineData("imbalance: { method: cost }", 1102)]
    public void Load_NonsenseInTheDesign_IsRefused(string train, int code)
    {
        using var folder = new TemporaryDirectory();
        Assert.Equal(code, Assert.Throws<ChurnConfigException>(() => SmallData.Project(folder, more: $"train: {{ {train} }}\n")).Code.Number);
    }

    [Fact]
    public void Train_DesignsThatDoNotGo_AreRefused()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 7, more: "train: { snapshots: 1 }\n");
        Refuse(1141, () => Train(project, new DesignOverrides { Trials = 2 }));
        Refuse(1134, () => Train(project, new DesignOverrides { Select = "nul" }));
        Refuse(1135, () => Train(project, new DesignOverrides { Imbalance = "cost" }));
        Refuse(1136, () => Train(project, new DesignOverrides { Folds = 51 }));
        Refuse(1137, () => Train(project, new DesignOverrides { Trials = -1 }));
        Refuse(1145, () => Train(project, new DesignOverrides { Journal = folder["j.jsonl"] }));
        Refuse(1139, () => Train(project, new DesignOverrides { Select = "null" }, folder["other.onnx"]));
        Refuse(1140, () => TrainStep.Run(Forest(), SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Algorithm = "forest" } }, SmallData.Walk, SmallData.Context()));
        TableInput table = SmallData.Table(folder);
        Refuse(1142, () => TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]) with { Design = new DesignOverrides { Folds = 2 } }, 2, SmallData.Walk, SmallData.Context()));
        Refuse(1142, () => TableTrainStep.Run(table, SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Algorithm = "recent_historical" } }, 2, SmallData.Walk, SmallData.Context()));
        Refuse(1138, () => TableTrainStep.Run(table with { Label = "spend", Task = ModelTask.Regression }, SmallData.Training(folder["m.onnx"]) with { Design = new DesignOverrides { Select = "null" } }, 2, SmallData.Walk, SmallData.Context()));
        Refuse(1144, () => TableTrainStep.Run(table with { Label = "spend", Task = ModelTask.Regression }, SmallData.Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Algorithm = "stack" } }, 2, SmallData.Walk, SmallData.Context()));
        Directory.CreateDirectory(folder["journal"]);
        Refuse(1143, () => Train(project, new DesignOverrides { Trials = 1, Journal = folder["journal"] }));

        ProjectConfig Forest() => ProjectConfig.Load(folder.Write("project/forest.yaml", SmallData.Yaml + "train: { tune: { trials: 2, space: { l2: { min: 1, max: 2 } } } }\n"));
        void Train(ProjectConfig of, DesignOverrides design, string? from = null) => TrainStep.Run(of, SmallData.Training(folder["m.onnx"]) with { Design = design, ContinueFrom = from }, SmallData.Walk, SmallData.Context());
        static void Refuse(int code, Action action) => Assert.Equal(code, Assert.Throws<ChurnConfigException>(action).Code.Number);
    }

    private sealed class Shown : IProgress<TrialUpdate>
    {
        private readonly Lock _lock = new();

        public List<TrialUpdate> Updates { get; } = [];

        public void Report(TrialUpdate value)
        {
            lock (_lock)
                Updates.Add(value);
        }
    }
}
