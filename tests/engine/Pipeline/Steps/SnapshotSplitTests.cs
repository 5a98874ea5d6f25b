using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>No label that was not known, or not over, when the next use begins.</summary>
public sealed class SnapshotSplitTests
{
    private const long Day = 86_400_000_000;
    private static readonly long[] s_months = [.. Enumerable.Range(3, 9).Select(month => month * 30 * Day)];

    [Fact]
    public void Choose_LabelsEndWhereTheNextBegins_PurgesNothing()
    {
        SnapshotSplit split = SnapshotSplit.Choose(s_months, Label(gapDays: 0), training: 3, waitMicros: 0)!;
        Assert.Equal(s_months[3..], split.AsOf);
        Assert.Equal(["train", "train", "train", "stop", "calibrate", "test"], split.Roles);
        Assert.Empty(split.Purged);
        Assert.Equal(s_months[5], split.LastTraining);
        // Those that train are counted together, as stopping begins; the test takes all that is known.
        Assert.Equal([s_months[6], s_months[6], s_months[6], s_months[7], s_months[8]], split.AsOf.Take(5).Select(t => split.KnownAt[t]));
        Assert.DoesNotContain(s_months[8], split.KnownAt.Keys);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 5)]
    public void Choose_LabelsReachIntoTheNextUse_PurgesTheSnapshotsBetween(int gapDays, int waitDays)
    {
        SnapshotSplit split = SnapshotSplit.Choose(s_months, Label(gapDays), training: 5, waitDays * Day)!;
        Assert.Equal([s_months[0], s_months[1], s_months[2], s_months[4], s_months[6], s_months[8]], split.AsOf);
        Assert.Equal([s_months[3], s_months[5], s_months[7]], split.Purged);
        Assert.Equal(["train", "train", "train", "stop", "calibrate", "test"], split.Roles);
        for (int i = 1; i < split.AsOf.Count; i++)
            Assert.True(split.Roles[i] == split.Roles[i - 1] || split.AsOf[i - 1] + (30 + gapDays + waitDays) * Day <= split.AsOf[i]);
        Assert.Contains("1970-06-30, 1970-08-29, 1970-10-28", string.Join('\n', split.Describe([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_TooFew_IsNull() => Assert.Null(SnapshotSplit.Choose(s_months[..6], Label(gapDays: 5), training: 5, waitMicros: 0));

    [Fact]
    public void Train_CancellationsArriveLate_CountAsWasKnown()
    {
        using var folder = new TemporaryDirectory();
        StepContext context = SmallData.Context();
        TrainReport early = TrainStep.Run(Late(folder, "early", days: 0), SmallData.Training(folder["early.onnx"]), SmallData.Walk, context);
        Assert.Empty(early.Purged);
        Assert.DoesNotContain(context.Warnings, warning => warning.Contains("late_labels", StringComparison.Ordinal));

        // Every other cancellation, of day 15, is known on day 35 only: five days after the next snapshot.
        StepContext late = SmallData.Context();
        TrainReport report = TrainStep.Run(Late(folder, "late", days: 20), SmallData.Training(folder["late.onnx"]), SmallData.Walk, late);
        Assert.Equal(["train", "train", "train", "train", "train", "stop", "calibrate", "test"], report.Snapshots.Select(use => use.Role));
        SnapshotUse[] same = [.. early.Snapshots.Where(use => report.Snapshots.Any(other => other.AsOf == use.AsOf))];
        Assert.Equal(8, same.Length);
        // Of the earlier training snapshots all is known by then; of the last one before each next use a half; and the test takes the truth.
        Assert.Equal(early.Snapshots.Take(4).Select(use => use.Positives), report.Snapshots.Take(4).Select(use => use.Positives));
        for (int i = 4; i < 7; i++)
        {
            long missed = early.Snapshots[i].Positives - report.Snapshots[i].Positives;
            Assert.InRange(missed, early.Snapshots[i].Positives / 4, early.Snapshots[i].Positives * 3 / 4);
            Assert.Contains($" {missed} of {report.Snapshots[i].Rows} labels", report.Purged[i - 4], StringComparison.Ordinal);
        }
        Assert.Equal(early.Snapshots[7].Positives, report.Snapshots[7].Positives);
        Assert.Equal(3, report.Purged.Count);
        Assert.Contains(late.Warnings, warning => warning.Contains("late_labels", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_LateLabelsDropped_WaitsForThem()
    {
        using var folder = new TemporaryDirectory();
        TrainReport report = TrainStep.Run(Late(folder, "late", days: 20, "train: { late_labels: drop }\n"), SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.Equal(["train", "train", "train", "train", "stop", "calibrate", "test"], report.Snapshots.Select(use => use.Role));
        Assert.Contains("purged: 2024-", Assert.Single(report.Purged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0d", new[] { "2024-04-01", "2024-05-01", "2024-06-01", "2024-07-01", "2024-08-01", "2024-09-01", "2024-10-01", "2024-11-01" }, 0)]
    [InlineData("7d", new[] { "2024-04-24", "2024-06-24", "2024-08-25", "2024-10-25" }, 3)] // of a gap before months nothing else is left
    public void Train_NextMonth_StandsWhereMonthsBegin(string gap, string[] asOf, int purged)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder);
        project = ProjectConfig.Load(folder.Write("project/next.yaml", SmallData.Yaml.Replace("within 30d\", gap: 0d", $"within next month\", gap: {gap}", StringComparison.Ordinal) + "extract_at: 2024-12-31\n"));
        TrainReport report = TrainStep.Run(project, SmallData.Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.Equal(asOf, report.Snapshots.Select(use => use.AsOf));
        Assert.Equal(purged, report.Purged.Sum(line => line.Split("2024-").Length - 1));

        StepContext context = SmallData.Context();
        Assert.True(InstantText.TryParse("2024-12-20", out long within));
        ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { AsOf = within }, context);
        Assert.Contains(context.Warnings, warning => warning.Contains("2025-01-01 to 2025-02-01", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_LateLabels_TakesTwoWords()
    {
        using var folder = new TemporaryDirectory();
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => SmallData.Project(folder, more: "train: { late_labels: maybe }\n"));
        Assert.Equal(("as_known or drop", "'maybe'"), (error.Expected, error.Actual));
    }

    private static LabelRule Label(int gapDays) => new() { Table = "events", Kinds = ["cancel"], HorizonMicros = 30 * Day, GapMicros = gapDays * Day };

    // The events of a small project, with a column that says when each was known.
    private static ProjectConfig Late(TemporaryDirectory folder, string name, int days, string more = "")
    {
        using var source = new TemporaryDirectory();
        SmallData.Project(source);
        var events = new StringBuilder("customer_id,event_at,event_type,known_at\n");
        foreach (string line in File.ReadLines(source["project/events.csv"]).Skip(1))
        {
            string[] cells = line.Split(',');
            DateTime at = DateTime.Parse(cells[1], CultureInfo.InvariantCulture);
            events.Append(CultureInfo.InvariantCulture, $"{line},{(cells[2] == "cancel" && cells[0][^1] % 2 == 0 ? at.AddDays(days) : at):yyyy-MM-dd}\n");
        }
        folder.Write($"{name}/customers.csv", File.ReadAllText(source["project/customers.csv"]));
        folder.Write($"{name}/events.csv", events.ToString());
        return ProjectConfig.Load(folder.Write($"{name}/churn.yaml", SmallData.Yaml.Replace("time: event_at,", "time: event_at, known: known_at,", StringComparison.Ordinal) + "extract_at: 2025-02-19\n" + more));
    }
}
