using System.CommandLine;
using ChurnEngine.DataGen;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class GenerateVerb : Verb
{
    private readonly Option<string> _scenario;
    private readonly Option<int?> _customers;
    private readonly Option<int> _months;
    private readonly Option<long> _seed;
    private readonly Option<string[]> _drift;
    private readonly Option<double> _treatment;
    private readonly Option<string[]> _with;
    private readonly Option<string> _out;

    public GenerateVerb() : base("generate", "Make a world of customers with a known truth: data, churn.yaml, and the probabilities it was drawn with.")
    {
        WorldOptions defaults = new();
        _scenario = Add(new Option<string>("--scenario") { Description = $"Kind of world: {string.Join(", ", WorldOptions.Scenarios)}.", DefaultValueFactory = _ => defaults.Scenario, HelpName = "NAME" });
        _customers = Add(new Option<int?>("--customers", "-n") { Description = $"Customers in all. Default: {string.Join(", ", WorldOptions.Scenarios.Select(name => $"{WorldOptions.DefaultCustomersOf(name)} ({name})"))}.", HelpName = "N" });
        _months = Add(new Option<int>("--months") { Description = "Months of 30 days.", DefaultValueFactory = _ => defaults.Months, HelpName = "M" });
        _seed = Add(new Option<long>("--seed") { Description = "Same seed, same bytes.", DefaultValueFactory = _ => defaults.Seed, HelpName = "S" });
        _drift = Add(new Option<string[]>("--drift") { Description = $"feature=NAME,from=YYYY-MM-DD[,until=YYYY-MM-DD][,kind=KIND][,by=NUMBER]: from then on, or until then, NAME changes. KIND is mean: multiplied by NUMBER (2); variance: its spread is, the mean stays; concept: what it means for churn is; category: a share of NUMBER (0.3) has a value that nobody had before; missing: a share of NUMBER (0.3) has none. May be given more than once. {string.Join("; ", WorldOptions.Scenarios.Select(name => $"{name}: {string.Join(", ", WorldOptions.DriftsOf(name).Select(feature => Drifting(name, feature)))}"))}.", HelpName = "DRIFT" });
        _treatment = Add(new Option<double>("--treatment") { Description = "Share of the customers at risk, 0 to 1, that get an offer at each month's start, at random. The log of it is offers.parquet, its effect on each is in truth/effects.parquet.", DefaultValueFactory = _ => defaults.TreatmentShare, HelpName = "SHARE" });
        _with = Add(new Option<string[]>("--with") { Description = $"Extras of the streaming world, separated by commas: all, or any of {string.Join(", ", WorldOptions.ExtrasOf(WorldOptions.Scenarios[0]))}.", HelpName = "LIST" });
        _out = Add(new Option<string>("--out", "-o") { Description = "New or empty folder to fill.", Required = true, HelpName = "DIR" });
    }

    // Mean alone goes without saying.
    private static string Drifting(string scenario, string feature) =>
        WorldOptions.DriftKindsOf(scenario, feature) is [DriftKind.Mean] ? feature : $"{feature} ({string.Join(" or ", WorldOptions.DriftKindsOf(scenario, feature).Select(kind => kind.ToString().ToLowerInvariant()))})";

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a small world, ready to train on", "churn generate --out world && churn train --config world/churn.yaml"),
        new("a million customers over a year", "churn generate --customers 1000000 --months 12 --seed 7 --out big"),
        new("another kind of world", "churn generate --scenario telecom --out telecom"),
        new("a channel that nobody came by before, and a month in which nobody's age was exported", "churn generate --drift feature=channel,kind=category,from=2024-07-01 --drift feature=age,kind=missing,by=1,from=2024-07-01,until=2024-08-01 --out drifted"),
        new("half as many plays from July on, and an experiment", "churn generate --drift feature=plays,from=2024-07-01,by=0.5 --treatment 0.3 --out drifted"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        string scenario = context.Require(_scenario);
        var options = new WorldOptions
        {
            Scenario = scenario,
            Customers = context.Get(_customers) ?? WorldOptions.DefaultCustomersOf(scenario),
            Months = context.Require(_months),
            Seed = context.Require(_seed),
            Drifts = [.. (context.Get(_drift) ?? []).Select(Drift.Parse)],
            TreatmentShare = context.Require(_treatment),
            With = [.. (context.Get(_with) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            Budget = context.Budget,
        };
        string directory = context.Require(_out);
        var stages = new StageLog(context.Budget.MemoryBytes);
        WorldReport report = stages.Time("generate", () => Generate(options, directory, context), world => world.Events + world.Payments + world.Tickets);
        return new VerbResult(new { Directory = Path.GetFullPath(directory), World = report, Stages = stages.Stages }, console =>
        {
            console.WriteLine(Summary(report));
            console.WriteLine($"{report.ChurnRate:P1} of {report.AtRisk:N0} customer-months at risk churned; {report.ToScore:N0} customers are left to score");
            console.WriteLine($"in {directory}, with churn.yaml; next: churn train --config {Path.Combine(directory, "churn.yaml")}");
            StageTable.Print(console, stages);
        });
    }

    private static string Summary(WorldReport report)
    {
        List<string> parts = [$"{report.Customers:N0} customers", $"{report.Events:N0} events ({report.LateEvents:N0} late)"];
        if (report.Payments > 0)
            parts.Add($"{report.Payments:N0} payments");
        if (report.Tickets > 0)
            parts.Add($"{report.Tickets:N0} tickets");
        if (report.Treated > 0)
            parts.Add($"{report.Treated:N0} offers");
        return string.Join(", ", parts);
    }

    internal static WorldReport Generate(WorldOptions options, string directory, VerbContext context)
    {
        using var tables = new NativeTables(context.Budget);
        return World.Generate(options, directory, tables.OpenParquet, context.Progress, context.Cancellation);
    }
}
