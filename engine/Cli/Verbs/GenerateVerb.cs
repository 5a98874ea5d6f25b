using System.CommandLine;
using ChurnEngine.DataGen;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class GenerateVerb : Verb
{
    private readonly Option<string> _scenario;
    private readonly Option<int> _customers;
    private readonly Option<int> _months;
    private readonly Option<long> _seed;
    private readonly Option<string> _out;

    public GenerateVerb() : base("generate", "Make a world of customers with a known truth: data, churn.yaml, and the probabilities it was drawn with.")
    {
        WorldOptions defaults = new();
        _scenario = Add(new Option<string>("--scenario") { Description = $"Kind of world: {string.Join(", ", WorldOptions.Scenarios)}.", DefaultValueFactory = _ => defaults.Scenario, HelpName = "NAME" });
        _customers = Add(new Option<int>("--customers", "-n") { Description = "Customers in all.", DefaultValueFactory = _ => defaults.Customers, HelpName = "N" });
        _months = Add(new Option<int>("--months") { Description = "Months of 30 days.", DefaultValueFactory = _ => defaults.Months, HelpName = "M" });
        _seed = Add(new Option<long>("--seed") { Description = "Same seed, same bytes.", DefaultValueFactory = _ => defaults.Seed, HelpName = "S" });
        _out = Add(new Option<string>("--out", "-o") { Description = "New or empty folder to fill.", Required = true, HelpName = "DIR" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a small world, ready to train on", "churn generate --out world && churn train --config world/churn.yaml"),
        new("a million customers over a year", "churn generate --customers 1000000 --months 12 --seed 7 --out big"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        var options = new WorldOptions
        {
            Scenario = context.Require(_scenario),
            Customers = context.Require(_customers),
            Months = context.Require(_months),
            Seed = context.Require(_seed),
            Budget = context.Budget,
        };
        string directory = context.Require(_out);
        var stages = new StageLog();
        WorldReport report = stages.Time("generate", () => Generate(options, directory, context), world => world.Events + world.Payments + world.Tickets);
        return new VerbResult(new { Directory = Path.GetFullPath(directory), World = report, Stages = stages.Stages }, console =>
        {
            console.WriteLine($"{report.Customers:N0} customers, {report.Events:N0} events ({report.LateEvents:N0} late), {report.Payments:N0} payments, {report.Tickets:N0} tickets");
            console.WriteLine($"{report.ChurnRate:P1} of {report.AtRisk:N0} customer-months at risk churned; {report.ToScore:N0} customers are left to score");
            console.WriteLine($"in {directory}, with churn.yaml; next: churn train --config {Path.Combine(directory, "churn.yaml")}");
            StageTable.Print(console, stages);
        });
    }

    internal static WorldReport Generate(WorldOptions options, string directory, VerbContext context)
    {
        using var tables = new NativeTables(context.Budget);
        return StreamingWorld.Generate(options, directory, tables.OpenParquet, context.Progress, context.Cancellation);
    }
}
