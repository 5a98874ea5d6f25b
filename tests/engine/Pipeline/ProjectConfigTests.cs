using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Scoring;
using ChurnEngine.TestKit;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline.Tests;

public sealed class ProjectConfigTests
{
    private static readonly int s_planLines = SmallData.Yaml.Count(c => c == '\n');

    private static ProjectConfig Parse(string sections) => ProjectConfig.Parse(SmallData.Yaml + sections, "/projects/a/churn.yaml");

    [Fact]
    public void Parse_NoSections_IsAllDefaults()
    {
        ProjectConfig project = Parse("");
        Assert.Equal(IngestSettings.Default, project.Ingest);
        Assert.Equal(TrainSettings.Default, project.Train);
        Assert.Equal(DecisionSettings.Default, project.Decisions);
        Assert.Equal((ScoreSettings.Default.AsOf, ScoreSettings.Default.Out, ScoreSettings.Default.Reasons), (project.Score.AsOf, project.Score.Out, project.Score.Reasons));
        Assert.Empty(project.Score.Columns);
    }

    [Fact]
    public void Parse_LogisticSettings_AreTaken()
    {
        TrainSettings train = Parse("train: { algorithm: logistic, alpha: 0.5, l1_ratio: 0.25, tolerance: 0.001, max_iterations: 7, min_rows_per_category: 3, trees: 9 }\n").Train;
        Assert.Equal(AlgorithmKind.Logistic, train.Algorithm);
        Assert.Equal(new LogisticRegressionOptions { Alpha = 0.5, L1Ratio = 0.25, Tolerance = 0.001, MaxIterations = 7, MinRowsPerCategory = 3 }, train.Logistic);
        // The settings of the other algorithm stand beside them, for `--algorithm boosting`.
        Assert.Equal(9, train.Booster.Trees);
        Assert.Equal(AlgorithmKind.Boosting, Parse("train: { algorithm: boosting }\n").Train.Algorithm);
        Assert.Null(Parse("").Train.Logistic.Alpha);
        Assert.Equal(1102, Assert.Throws<ChurnConfigException>(() => Parse("train: { algorithm: forrest }\n")).Code.Number);
        Assert.Contains("reg_alpha", Assert.Throws<ChurnConfigException>(() => Parse("train: { alpha: 0.5 }\n")).Expected, StringComparison.Ordinal);
        Assert.Equal(4007, Assert.Throws<ChurnConfigException>(() => Parse("train: { algorithm: logistic, l1_ratio: 2 }\n")).Code.Number);
    }

    [Fact]
    public void Parse_EverySetting_IsTaken()
    {
        ProjectConfig project = Parse("""
            ingest: { bad_share_limit: 0.05, quarantine: bad }
            train:
              { trees: 1, learning_rate: 0.2, max_leaves: 3, max_depth: 4, max_bins: 50, min_child_weight: 0.6, min_rows_in_leaf: 7, l1: 0.8, l2: 0.9, min_gain: 0.1,
                max_delta_step: 0.11, row_sample: 0.12, column_sample: 0.13, early_stopping_rounds: 14, seed: 15, snapshots: 16, model: m.onnx }
            score:
              { as_of: 1970-01-02, out: s, reasons: 2, reasons_from: 0.25, columns: [a, b], device: cuda, format: sqlite, database: crm.sqlite, table_name: churners,
                where: probability >= 0.3, risk: { high: 0.6, low: 0 } }
            decisions: { value: 1, save_rate: 0.2, cost: 3, capacity: 4, budget: 50, medium_risk: 0.4, high_risk: 0.7, value_column: worth, out: p.csv }
            """);
        Assert.Equal(new IngestSettings(0.05, "bad"), project.Ingest);
        var booster = new BoosterOptions
        {
            Trees = 1,
            LearningRate = 0.2,
            MaxLeaves = 3,
            MaxDepth = 4,
            MaxBins = 50,
            MinChildWeight = 0.6,
            MinRowsInLeaf = 7,
            L1 = 0.8,
            L2 = 0.9,
            MinGain = 0.1,
            MaxDeltaStep = 0.11,
            RowSample = 0.12,
            ColumnSample = 0.13,
            EarlyStoppingRounds = 14,
            Seed = 15,
        };
        Assert.Equal(new TrainSettings(booster, 16, "m.onnx") { Forest = project.Train.Forest, Threshold = ThresholdSettings.Default with { Economics = project.Decisions.Options } }, project.Train);
        // What the project says counts for a forest too; what it leaves out, a forest has defaults of its own for.
        Assert.Equal((1, 3, 4, 7, 50, null, 15UL), (project.Train.Forest.Trees, project.Train.Forest.MaxLeaves, project.Train.Forest.MaxDepth, project.Train.Forest.MinRowsInLeaf, project.Train.Forest.MaxBins, project.Train.Forest.ColumnSampleByNode, project.Train.Forest.Seed));
        Assert.Equal((300, 512), (Parse("train: { algorithm: forest }").Train.Forest.Trees, TrainSettings.Default.Forest.MaxLeaves));
        Assert.Equal((86_400_000_000L, "s", 2, 0.25), (project.Score.AsOf, project.Score.Out, project.Score.Reasons, project.Score.ReasonsFrom));
        Assert.Equal(["a", "b"], project.Score.Columns);
        Assert.Equal((OutputFormat.Sqlite, "crm.sqlite", "churners", "probability >= 0.3", "low=0,high=0.6"),
            (project.Score.Format, project.Score.Database, project.Score.TableName, project.Score.Where, project.Score.Risk?.ToString()));
        Assert.Equal((OutputFormat.Parquet, null, "scores", null, null),
            (ScoreSettings.Default.Format, ScoreSettings.Default.Database, ScoreSettings.Default.TableName, ScoreSettings.Default.Where, ScoreSettings.Default.Risk));
        Assert.Equal(("cuda", "auto"), (project.Score.Device, ScoreSettings.Default.Device));
        var decisions = new DecisionOptions { Value = 1, SaveRate = 0.2, Cost = 3, Capacity = 4, Budget = 50, RiskCuts = new RiskCuts(0.4, 0.7) };
        Assert.Equal(new DecisionSettings(decisions, "worth", "p.csv"), project.Decisions);
    }

    [Theory]
    [InlineData("trian: { trees: 5 }", "'trian'", "did you mean 'train'?")]
    [InlineData("train: { tree: 5 }", "'tree'", "did you mean 'trees'?")]
    [InlineData("train: { learningrate: 0.1 }", "'learningrate'", "did you mean 'learning_rate'?")]
    [InlineData("ingest: { quarantene: x }", "'quarantene'", "did you mean 'quarantine'?")]
    [InlineData("score: { asof: 2024-01-01 }", "'asof'", "did you mean 'as_of'?")]
    [InlineData("decisions: { costs: 5 }", "'costs'", "did you mean 'cost'?")]
    [InlineData("weather: { x: 1 }", "'weather'", "known: ")]
    [InlineData("monitoring: { x: 1 }", "'monitoring'", "'monitor'")]
    public void Parse_UnknownKey_NamesLineAndSuggests(string section, string name, string suggestion)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Parse("\n# a comment\n" + section));
        Assert.Equal(3002, error.Code.Number);
        Assert.Contains($"/projects/a/churn.yaml:{s_planLines + 3}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(suggestion, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train: { trees: many }", "train.trees", "a whole number", "many")]
    [InlineData("train: { trees: 1.5 }", "train.trees", "a whole number", "1.5")]
    [InlineData("train: { trees: }", "train.trees", "a whole number", "")]
    [InlineData("train: { learning_rate: fast }", "train.learning_rate", "a number", "fast")]
    [InlineData("train: { l2: .inf }", "train.l2", "a number", ".inf")]
    [InlineData("train: { l2: \"0,5\" }", "train.l2", "a number", "0,5")]
    [InlineData("train: { seed: -1 }", "train.seed", "a whole number, 0 and up", "-1")]
    [InlineData("score: { as_of: tomorrow }", "score.as_of", "2024-12-31", "tomorrow")]
    [InlineData("score: { reasons: all }", "score.reasons", "a whole number", "all")]
    [InlineData("decisions: { budget: none }", "decisions.budget", "a number", "none")]
    public void Parse_WrongValue_NamesLineKeyAndBothSides(string section, string key, string expected, string actual)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Parse(section));
        Assert.Equal(1102, error.Code.Number);
        Assert.StartsWith($"/projects/a/churn.yaml:{s_planLines + 1}: {key} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
        Assert.Equal($"'{actual}'", error.Actual);
        Assert.NotEmpty(error.Hint);
    }

    [Theory]
    [InlineData("train: 5", "`train` must be a mapping")]
    [InlineData("train: [1]", "`train` must be a mapping")]
    [InlineData("train: { trees: [1, 2] }", "`trees` must be a single value")]
    [InlineData("score: { columns: plan }", "`columns` must be a list")]
    [InlineData("score: { columns: [{ a: b }] }", "an item of `columns` must be a single value")]
    public void Parse_WrongShape_NamesLine(string section, string message)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Parse(section));
        Assert.Equal(3001, error.Code.Number);
        Assert.Contains($"churn.yaml:{s_planLines + 1}: {message}", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Theory]
    [InlineData("train: { trees: 0 }", 4007, "trees")]
    [InlineData("train: { learning_rate: 2 }", 4007, "learning_rate")]
    [InlineData("train: { snapshots: 0 }", 1102, "train.snapshots")]
    [InlineData("ingest: { bad_share_limit: 2 }", 1102, "ingest.bad_share_limit")]
    [InlineData("ingest: { bad_share_limit: -0.1 }", 1102, "ingest.bad_share_limit")]
    [InlineData("score: { reasons: -1 }", 1102, "score.reasons")]
    [InlineData("score: { reasons_from: 30 }", 1102, "score.reasons_from")]
    [InlineData("score: { format: excel }", 1102, "score.format")]
    [InlineData("score: { risk: { low: 0, high: 60 } }", 6011, "between 0 and 1")]
    [InlineData("score: { risk: { low: little } }", 6011, "'little'")]
    [InlineData("score: { risk: low }", 3001, "mapping")]
    [InlineData("score: { device: gpu }", 1102, "score.device")]
    [InlineData("decisions: { save_rate: 30 }", 7001, "save")]
    [InlineData("decisions: { capacity: -1 }", 7001, "capacity")]
    [InlineData("decisions: { medium_risk: 0.8, high_risk: 0.2 }", 7002, "risk")]
    public void Parse_OutOfRange_IsRefused(string section, int code, string says)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Parse(section));
        Assert.Equal(code, error.Code.Number);
        Assert.Contains(says, error.Describe(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Load_FileThatIsNotThere_SaysWhoWritesOne()
    {
        using var folder = new TemporaryDirectory();
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => ProjectConfig.Load(folder["churn.yaml"]));
        Assert.Equal(1101, error.Code.Number);
        Assert.Contains("churn generate", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_Path_StartsFromTheFilesFolder()
    {
        ProjectConfig project = Parse("");
        Assert.Equal("/projects/a/scores", project.Resolve("scores"));
        Assert.Equal("/projects/b", project.Resolve("../b"));
        Assert.Equal("/tmp/x", project.Resolve("/tmp/x"));
    }

    [Fact]
    public void TrainOverrides_WhatWasWritten_Wins()
    {
        var settings = new BoosterOptions { Trees = 7, MaxLeaves = 9, Seed = 4 };
        Assert.Equal(settings with { Threads = 3 }, new TrainOverrides().Apply(settings, threads: 3));
        var all = new TrainOverrides { Trees = 1, LearningRate = 0.5, MaxLeaves = 2, MaxDepth = 3, MinRowsInLeaf = 4, EarlyStoppingRounds = 5, Seed = 6 };
        Assert.Equal(settings with { Trees = 1, LearningRate = 0.5, MaxLeaves = 2, MaxDepth = 3, MinRowsInLeaf = 4, EarlyStoppingRounds = 5, Seed = 6, Threads = 1 }, all.Apply(settings, threads: 1));
        Assert.Throws<ChurnConfigException>(() => new TrainOverrides { Trees = 0 }.Apply(settings, threads: 1));

        TrainSettings train = TrainSettings.Default with { Algorithm = AlgorithmKind.Logistic, Logistic = new LogisticRegressionOptions { Alpha = 1, MaxIterations = 5 } };
        TrainSettings written = new TrainOverrides { Alpha = 2, L1Ratio = 0.75 }.Apply(train, threads: 3);
        Assert.Equal(new LogisticRegressionOptions { Alpha = 2, L1Ratio = 0.75, MaxIterations = 5, Threads = 3 }, written.Logistic);
        Assert.Equal((AlgorithmKind.Logistic, AlgorithmKind.Boosting), (written.Algorithm, new TrainOverrides { Algorithm = "boosting" }.Apply(train, threads: 1).Algorithm));
    }

    [Fact]
    public void DecisionOverrides_WhatWasWritten_Wins()
    {
        var settings = new DecisionSettings(new DecisionOptions { Value = 5, Cost = 2, Capacity = 10 }, "worth", "p.csv");
        Assert.Equal(settings, new DecisionOverrides().Apply(settings));
        var all = new DecisionOverrides { Value = 1, ValueColumn = "v", SaveRate = 0.1, Cost = 3, Capacity = 4, Budget = 5, Out = "o.csv" };
        Assert.Equal(new DecisionSettings(settings.Options with { Value = 1, SaveRate = 0.1, Cost = 3, Capacity = 4, Budget = 5 }, "v", "o.csv"), all.Apply(settings));
    }
}
