using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class AuditLeakageVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<int> _dates;
    private readonly Option<double?> _featureAuc;
    private readonly Option<int> _announceDays;
    private readonly Option<double?> _announceShare;

    public AuditLeakageVerb() : base("leakage", "Does any feature see the future? On the project's own plan and data: rows are cut off and every bit compared, single features and announcing events judged, the split checked.")
    {
        LeakageAuditRequest defaults = new();
        Add(_input.Config);
        Add(_input.Grouped);
        _dates = Add(new Option<int>("--dates") { Description = "As-of dates to cut rows at, spread over the snapshots; each costs two readings of the tables.", DefaultValueFactory = _ => defaults.Dates, HelpName = "N" });
        _featureAuc = Add(new Option<double?>("--feature-auc") { Description = FormattableString.Invariant($"A single feature above this AUC alarms. Default: {defaults.FeatureAuc}."), HelpName = "AUC" });
        _announceDays = Add(new Option<int>("--announce-days") { Description = "Days within which churn follows an event that announces it.", DefaultValueFactory = _ => defaults.AnnounceDays, HelpName = "N" });
        _announceShare = Add(new Option<double?>("--announce-share") { Description = FormattableString.Invariant($"Share of a kind's events that churn must follow. Default: {defaults.AnnounceShare}."), HelpName = "P" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("before the first model of a new plan; exit code 1 and the reasons when something leaks", "churn audit leakage --config world/churn.yaml"),
        new("every snapshot, for a report", "churn audit leakage --config world/churn.yaml --dates 8 --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        LeakageAuditRequest defaults = new();
        if (context.Require(_dates) is < 1 and var dates)
            throw CliErrors.BadOption(_dates.Name, "a whole number, 1 and up", dates.ToString(CultureInfo.InvariantCulture));
        var request = new LeakageAuditRequest
        {
            Dates = context.Require(_dates),
            FeatureAuc = context.Get(_featureAuc) ?? defaults.FeatureAuc,
            AnnounceDays = context.Require(_announceDays),
            AnnounceShare = context.Get(_announceShare) ?? defaults.AnnounceShare,
        };
        StepContext steps = _input.TableSteps(context);
        LeakageAuditReport report = LeakageAuditStep.Run(project, request, steps);
        return new VerbResult(new { report.Passed, report.PlanHash, report.Snapshots, report.Checks, Stages = steps.Stages.Stages }, console => Print(console, report, steps))
        {
            ExitCode = report.Passed ? ExitCode.Done : ExitCode.GateSaidNo,
            Warnings = steps.Warnings,
        };
    }

    private static void Print(IAnsiConsole console, LeakageAuditReport report, StepContext steps)
    {
        Table snapshots = new Table().Border(TableBorder.Simple).AddColumn("as of").AddColumn("used to").AddColumn(new TableColumn("customers").RightAligned()).AddColumn(new TableColumn(report.Snapshots.Any(use => use.MeanLabel is not null) ? "mean" : "churned").RightAligned());
        foreach (SnapshotUse use in report.Snapshots)
            snapshots.AddRow(use.AsOf, use.Role, $"{use.Rows:N0}", use.MeanLabel is { } mean ? $"{mean:G6}" : $"{use.Positives:N0}");
        console.Write(snapshots);
        foreach (LeakageCheck check in report.Checks)
        {
            console.WriteLine($"{(check.Passed ? "passed" : "ALARM ")}  {check.Name}: {check.Design}");
            foreach (LeakageFinding finding in check.Findings)
                console.WriteLine($"        {finding.Level}: {finding.Message}{(finding.Hint.Length > 0 ? $". Hint: {finding.Hint}" : "")}");
            if (check.Measures.Count > 0)
                console.WriteLine($"        {string.Join(", ", check.Measures.Select(measure => string.Create(CultureInfo.InvariantCulture, $"{measure.Key} {measure.Value:0.####}")))}");
        }
        console.WriteLine(report.Passed ? "nothing leaks, as far as these checks can see" : $"leakage suspected by: {string.Join(", ", report.Checks.Where(check => !check.Passed).Select(check => check.Name))}");
        StageTable.Print(console, steps.Stages);
    }
}
