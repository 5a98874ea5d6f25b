using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>Events over time, through the steps of a project.</summary>
public sealed class ProjectStepsTests
{
    [Fact]
    public void Train_TwelveMonths_LaterSnapshotsHaveRolesOfTheirOwn()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        StepContext context = SmallData.Context();
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, context);
        Assert.Equal(["train", "train", "train", "train", "train", "stop", "calibrate", "test"], report.Snapshots.Select(use => use.Role));
        Assert.Equal(report.Snapshots.Select(use => use.AsOf).Order(StringComparer.Ordinal), report.Snapshots.Select(use => use.AsOf));
        Assert.Equal(report.Snapshots[^1].Rows, report.Metrics["rows"]);
        Assert.Equal(report.Snapshots[^1].Positives, report.Metrics["positives"]);

        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.Equal(report.Snapshots.Take(5).Select(use => use.AsOf), metadata.TrainingAsOf.Select(InstantText.Format));
        Assert.Equal(report.Snapshots.Take(5).Sum(use => use.Rows), metadata.TrainingRows);
        Assert.Equal(project.Plan.Hash, metadata.PlanHash);
        Assert.Equal(["read tables", "features", "train", "calibrate", "evaluate", "audit", "export"], context.Stages.Stages.Select(stage => stage.Stage));
    }

    [Fact]
    public void Train_FewSnapshotsAsked_TakesTheLatest()
    {
        using var folder = new TemporaryDirectory();
        TrainReport all = TrainStep.Run(SmallData.Project(folder), SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        TrainReport two = TrainStep.Run(SmallData.Project(folder, more: "train: { snapshots: 2 }\n"), SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.Equal(all.Snapshots.TakeLast(5).Select(use => use.AsOf), two.Snapshots.Select(use => use.AsOf));
    }

    [Fact]
    public void Train_ShortHistory_SaysHowManySnapshotsAreMissing()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 4);
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context()));
        Assert.Equal(1103, error.Code.Number);
        Assert.Contains("2 usable snapshots", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 4", error.Expected, StringComparison.Ordinal);
        Assert.Contains("after the end of the data", error.Actual, StringComparison.Ordinal);
        Assert.Contains("longer history", error.Hint, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["m.onnx"]));
    }

    [Fact]
    public void Evaluate_OnATrainingSnapshot_Warns()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainReport trained = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.True(InstantText.TryParse(trained.Snapshots[0].AsOf, out long trainingInstant));
        StepContext context = SmallData.Context();
        EvaluateStep.Run(project, trainingInstant, SmallData.Choice(folder["m.onnx"]), context);
        Assert.Contains(context.Warnings, warning => warning.Contains("flatter", StringComparison.Ordinal));

        StepContext fair = SmallData.Context();
        EvaluationReport latest = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), fair);
        Assert.DoesNotContain(fair.Warnings, warning => warning.Contains("flatter", StringComparison.Ordinal));
        Assert.Equal(trained.Metrics["roc_auc"], latest.Metrics["roc_auc"], 6);
        Assert.Contains(trained.Snapshots[^1].AsOf, latest.Design, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_SnapshotWhoseLabelsAreNotComplete_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.True(InstantText.TryParse("2025-06-01", out long future));
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => EvaluateStep.Run(project, future, SmallData.Choice(folder["m.onnx"]), SmallData.Context()));
        Assert.Contains("2025-06-01", error.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoreAndDecide_NobodyAtRisk_IsAnEmptyPlan()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.True(InstantText.TryParse("2000-01-01", out long beforeAnybody));
        ScoreReport scored = ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { AsOf = beforeAnybody }, SmallData.Context());
        Assert.Equal((0L, 0), (scored.Rows, scored.Parts));
        DecisionReport decided = DecideStep.Run(folder["scores"], project, new DecisionOverrides { Out = folder["plan.csv"] }, SmallData.Context());
        Assert.Equal((0L, 0L), (decided.Scored, decided.Chosen));
        Assert.Single(File.ReadAllLines(folder["plan.csv"]));
    }

    [Fact]
    public void Score_OtherPlan_NamesBoth()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        ProjectConfig other = ProjectConfig.Load(folder.Write("project/other.yaml", SmallData.Yaml.Replace("[30]", "[30, 60]", StringComparison.Ordinal)));
        ChurnModelException error = Assert.Throws<ChurnModelException>(() => ScoreStep.Run(ScoreInput.Of(other), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]), SmallData.Context()));
        Assert.Equal(5003, error.Code.Number);
        Assert.Contains(project.Plan.Hash[..12], error.Message, StringComparison.Ordinal);
        Assert.Contains(other.Plan.Hash[..12], error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["scores"]));
    }

    [Fact]
    public void Validate_GoodAndBadTables_HaveAVerdictEach()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        ValidationReport good = ValidateStep.Run(project, SmallData.Context());
        Assert.True(good.Passed);
        Assert.Equal([("customers", 400L), ("events", File.ReadLines(folder["project/events.csv"]).LongCount() - 1)], good.Tables.Select(table => (table.Table, table.Rows)));

        File.WriteAllText(folder["project/customers.csv"], "customer_id,signup_at\n1,2024-01-01\n1,2024-01-01\n2,never\n");
        ValidationReport bad = ValidateStep.Run(project, SmallData.Context());
        Assert.False(bad.Passed);
        Assert.Contains("CE2008", bad.Tables[0].Problem, StringComparison.Ordinal);
        Assert.Null(bad.Tables[1].Problem);
    }

    [Fact]
    public void Features_Written_AreOneRowACustomerAtRisk()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        Assert.True(InstantText.TryParse("2024-07-01", out long asOf));
        FeaturesReport report = FeaturesStep.Run(project, asOf, folder["f.parquet"], SmallData.Context());
        Assert.Equal(("2024-07-01", 2, project.Plan.Hash), (report.AsOf, report.Features, report.PlanHash));
        var session = SmallData.Context().OpenIngest(IngestSettings.Default, folder.Path);
        using (session)
        {
            var source = new Ingest.TableSource { Name = "features", Path = folder["f.parquet"] };
            Assert.Equal(["customer_id", "as_of", "plays_30d", "tenure_days"], session.Describe(source).Select(field => field.Name));
            long rows = 0;
            var contract = new Ingest.TableContract { Columns = [new("customer_id", ColumnType.Int64, NotNull: true), new("plays_30d", ColumnType.Float32, NotNull: true)], UniqueKey = ["customer_id"] };
            foreach (RecordBatch batch in session.Read(source, contract, CancellationToken.None))
            {
                using (batch)
                    rows += batch.Length;
            }
            Assert.Equal(report.Rows, rows);
        }
    }

    [Fact]
    public void Steps_Cancelled_LeaveNothing()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        StepContext Cancelled() => SmallData.Context(new CancellationToken(canceled: true));
        Assert.ThrowsAny<OperationCanceledException>(() => TrainStep.Run(project, SmallData.Training(folder["other.onnx"]), SmallData.Walk, Cancelled()));
        Assert.ThrowsAny<OperationCanceledException>(() => FeaturesStep.Run(project, null, folder["f.parquet"], Cancelled()));
        Assert.ThrowsAny<OperationCanceledException>(() => ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]), Cancelled()));
        Assert.ThrowsAny<OperationCanceledException>(() => ValidateStep.Run(project, Cancelled()));
        Assert.Equal(["m-card.md", "m.onnx", "project"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
