using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class JoinVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _store;
    private readonly Option<string> _pairs;
    private readonly Option<string?> _key;
    private readonly Option<string> _time;
    private readonly Option<string> _at;
    private readonly Option<int?> _maxAge;
    private readonly Option<string> _out;
    private readonly Option<bool> _dryRun;

    public JoinVerb() : base("join", "Put stored features beside a table of (customer, instant) pairs, as they were known at those instants: a training set with labels of your own.")
    {
        Add(_input.Config);
        _store = Add(StoreOptions.Store());
        _pairs = Add(new Option<string>("--pairs", "-p") { Description = "Table of pairs: Parquet, Arrow, CSV or JSON lines. Its other columns, such as a label, are carried along.", Required = true, HelpName = "FILE" });
        _key = Add(new Option<string?>("--key") { Description = "Its column with the customer. Default: the plan's `entity`.", HelpName = "COLUMN" });
        _time = Add(new Option<string>("--time") { Description = "Its column with the instant.", DefaultValueFactory = _ => "as_of", HelpName = "COLUMN" });
        _at = Add(new Option<string>("--at") { Description = "exact: features as of the very instant, which the store must hold; latest: of the last stored date at or before it.", DefaultValueFactory = _ => "exact", HelpName = "WHICH" });
        _at.AcceptOnlyFromAmong("exact", "latest");
        _maxAge = Add(new Option<int?>("--max-age") { Description = "With --at latest: days that features may be old.", HelpName = "DAYS" });
        _out = Add(new Option<string>("--out", "-o") { Description = "Parquet file to write. Rows without features are listed beside it, in NAME.unmatched.parquet.", DefaultValueFactory = _ => "training.parquet", HelpName = "FILE" });
        _dryRun = Add(StoreOptions.DryRun("reading features"));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("pairs.csv has the columns customer_id, as_of and label", "churn features join --store world/feature-store --pairs pairs.csv --out training.parquet"),
        new("instants of any hour, features at most a month old", "churn features join --store world/feature-store --pairs calls.parquet --key caller --time called_at --at latest --max-age 30"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = StoreOptions.FindProject(context, _input, _store);
        if (context.Get(_maxAge) is < 0 and var days)
            throw CliErrors.BadOption(_maxAge.Name, "a whole number of days, 0 and up", days.ToString(CultureInfo.InvariantCulture));
        bool latest = context.Require(_at) == "latest";
        if (!latest && context.Get(_maxAge) is not null)
            throw CliErrors.BadCommandLine("--max-age has a meaning with --at latest only");
        var request = new PairsRequest
        {
            Store = StoreOptions.FolderOf(context, _store, project),
            Pairs = context.Require(_pairs),
            KeyColumn = context.Get(_key),
            TimeColumn = context.Require(_time),
            Latest = latest,
            MaxAgeDays = context.Get(_maxAge),
            Out = context.Require(_out),
            DryRun = context.Get(_dryRun),
        };
        StepContext steps = InputOptions.Steps(context);
        StoreJoinReport report = StoreReadStep.Join(project, request, steps);
        return new VerbResult(new { Join = report, request.DryRun, Stages = steps.Stages.Stages }, console => Print(console, report, request.DryRun, steps)) { Warnings = steps.Warnings };
    }

    private static void Print(IAnsiConsole console, StoreJoinReport report, bool dryRun, StepContext steps)
    {
        console.WriteLine(dryRun
            ? $"would join {report.Rows:N0} rows with {report.Features} features of {report.Dates} dates into {report.Path}"
            : $"{report.Rows:N0} rows with {report.Features} features of {report.Dates} dates in {report.Path}");
        foreach ((string reason, long rows) in report.Unmatched.Where(reason => reason.Value > 0))
            console.WriteLine($"left out: {rows:N0} ({reason.Replace('_', ' ')})");
        console.WriteLine(report.Design);
        StageTable.Print(console, steps.Stages);
    }
}
