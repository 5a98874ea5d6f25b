using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Leakage;

public class LeakageAuditStepTests
{
    private const string Surveys = "- { name: \"surveys_{w}d\", from: events, where: \"kind = survey\", value: count, windows: [7] }";
    private const string Pages = "- { name: \"pages_{w}d\", from: events, where: \"kind = cancel_page\", value: count, windows: [7] }";

    [Theory]
    [InlineData("")]
    [InlineData(Surveys)]
    public void Run_PlanThatSaysWhenRowsArrived_FindsNothing(string feature)
    {
        using var folder = new TemporaryDirectory();
        LeakageAuditReport report = Run(folder, "ingested_at", feature);
        Assert.True(report.Passed, Text(report));
        Assert.Equal(["truncation", "arrival", "announcements", "single_feature_auc", "folds", "order"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Design));
        Assert.Equal(["train", "stop", "calibrate", "test"], report.Snapshots.Select(use => use.Role).Distinct());
        // The page announces churn nearly always; no feature looks at it.
        LeakageFinding note = Assert.Single(report.Checks[2].Findings);
        Assert.Equal(("note", "cancel_page"), (note.Level, note.Subject));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("event_at")]
    public void Run_WrongKnown_IsFoundByTheFeatureThatKnowsTooMuchAndByTheColumnOfArrival(string? known)
    {
        using var folder = new TemporaryDirectory();
        LeakageAuditReport report = Run(folder, known, Surveys);
        Assert.False(report.Passed);
        Assert.Equal(["arrival", "single_feature_auc"], report.Checks.Where(check => !check.Passed).Select(check => check.Name));
        LeakageFinding arrival = report.Checks.Single(check => check.Name == "arrival").Findings[0];
        Assert.Equal(("alarm", "events.ingested_at"), (arrival.Level, arrival.Subject));
        Assert.Contains("surveys_7d", arrival.Message, StringComparison.Ordinal);
        Assert.Contains("known: ingested_at", arrival.Hint, StringComparison.Ordinal);
        LeakageFinding alone = Assert.Single(report.Checks.Single(check => check.Name == "single_feature_auc").Findings);
        Assert.Equal("surveys_7d", alone.Subject);
    }

    [Fact]
    public void Run_FeatureOfAnAnnouncingEvent_IsFoundThoughItsAucIsLow()
    {
        using var folder = new TemporaryDirectory();
        LeakageAuditReport report = Run(folder, "ingested_at", Pages);
        Assert.Equal(["announcements"], report.Checks.Where(check => !check.Passed).Select(check => check.Name));
        LeakageFinding alarm = Assert.Single(report.Checks.Single(check => check.Name == "announcements").Findings);
        Assert.Equal(("alarm", "cancel_page"), (alarm.Level, alarm.Subject));
        Assert.Contains("pages_7d", alarm.Message, StringComparison.Ordinal);
        Assert.InRange(report.Checks.Single(check => check.Name == "single_feature_auc").Measures["auc.pages_7d"], 0.5, 0.9);
    }

    [Fact]
    public void Run_LabelThatLooksAtMoreThanKinds_LeavesAnnouncementsOut()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = LeakingWorld.Write(folder, "ingested_at", Pages);
        project = ProjectConfig.Parse(File.ReadAllText(project.File).Replace("kind = cancel within", "kind = cancel and weight > 0 within", StringComparison.Ordinal), project.File);
        string[] rows = File.ReadAllLines(folder["leak/events.csv"]);
        File.WriteAllLines(folder["leak/events.csv"], rows.Select((row, i) => row + (i == 0 ? ",weight" : ",1")));
        LeakageAuditReport report = LeakageAuditStep.Run(project, new LeakageAuditRequest(), SmallData.Context());
        Assert.True(report.Passed, Text(report));
        Assert.Contains("more than kinds", Assert.Single(report.Checks.Single(check => check.Name == "announcements").Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AnyNumberOfThreads_SaysTheSame()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = LeakingWorld.Write(folder, null, Surveys);
        LeakageAuditReport one = LeakageAuditStep.Run(project, new LeakageAuditRequest(), new StepContext(new JobBudget { Threads = 1 }, null, CancellationToken.None));
        LeakageAuditReport three = LeakageAuditStep.Run(project, new LeakageAuditRequest(), new StepContext(new JobBudget { Threads = 3 }, null, CancellationToken.None));
        Assert.Equal(Text(one), Text(three));
    }

    [Fact]
    public void Run_LimitsThatMakeNoSense_AreRefusedBeforeAnythingIsRead()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = LeakingWorld.Write(folder, null);
        File.Delete(folder["leak/events.csv"]);
        Assert.Equal("CE8002", Assert.Throws<ChurnConfigException>(() => LeakageAuditStep.Run(project, new LeakageAuditRequest { FeatureAuc = 2 }, SmallData.Context())).Code.ToString());
        Assert.Equal("CE8002", Assert.Throws<ChurnConfigException>(() => LeakageAuditStep.Run(project, new LeakageAuditRequest { AnnounceShare = 0.1 }, SmallData.Context())).Code.ToString());
    }

    [Fact]
    public void Run_TooFewSnapshots_SaysWhatTrainingWouldSay()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = SmallData.Project(folder, months: 4);
        Assert.Equal("CE1103", Assert.Throws<ChurnConfigException>(() => LeakageAuditStep.Run(project, new LeakageAuditRequest(), SmallData.Context())).Code.ToString());
    }

    private static LeakageAuditReport Run(TemporaryDirectory folder, string? known, string feature) =>
        LeakageAuditStep.Run(LeakingWorld.Write(folder, known, feature), new LeakageAuditRequest(), SmallData.Context());

    private static string Text(LeakageAuditReport report) => string.Join('\n', report.Checks.Select(check =>
        $"{check.Name} {check.Passed} {check.Design} {string.Join("; ", check.Findings)} {string.Join(", ", check.Measures.Select(measure => FormattableString.Invariant($"{measure.Key} {measure.Value:R}")))}"));
}
