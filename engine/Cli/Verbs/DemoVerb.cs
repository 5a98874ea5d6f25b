using System.CommandLine;
using ChurnEngine.DataGen;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class DemoVerb : Verb
{
    private const int FirstLines = 10;
    private readonly Option<int> _customers;
    private readonly Option<int> _months;
    private readonly Option<long> _seed;
    private readonly Option<string> _out;

    public DemoVerb() : base("demo", "The whole job on a generated world: generate, validate, train, evaluate, score, decide; with the metrics beside the best reachable ones.")
    {
        WorldOptions defaults = new();
        _customers = Add(new Option<int>("--customers", "-n") { Description = "Customers in all.", DefaultValueFactory = _ => defaults.Customers, HelpName = "N" });
        _months = Add(new Option<int>("--months") { Description = "Months of 30 days.", DefaultValueFactory = _ => defaults.Months, HelpName = "M" });
        _seed = Add(new Option<long>("--seed") { Description = "Same seed, same world.", DefaultValueFactory = _ => defaults.Seed, HelpName = "S" });
        _out = Add(new Option<string>("--out", "-o") { Description = "Folder for data, model, scores and action plan. An earlier demo there is replaced.", DefaultValueFactory = _ => "churn-demo", HelpName = "DIR" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("about a minute", "churn demo"),
        new("larger, elsewhere", "churn demo --customers 200000 --out /tmp/churn-demo"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        string directory = Path.GetFullPath(context.Require(_out));
        var world = new WorldOptions { Customers = context.Require(_customers), Months = context.Require(_months), Seed = context.Require(_seed), Budget = context.Budget };
        world.Validate();
        using var folder = DemoFolder.Open(directory);
        StepContext steps = InputOptions.Steps(context) with { Grouped = folder.Grouped };
        DemoResult demo = new Demo(directory, steps, context).Run(world);
        return new VerbResult(demo.ToData(steps), console => Print(console, demo, steps))
        {
            ExitCode = demo.Alarm is null ? ExitCode.Done : ExitCode.GateSaidNo,
            Warnings = steps.Warnings,
        };
    }

    private static void Print(IAnsiConsole console, DemoResult demo, StepContext steps)
    {
        StageTable.Print(console, steps.Stages);
        MetricTable.Print(console, demo.Evaluation.Metrics, demo.BestReachable, "best reachable");
        console.WriteLine(demo.Evaluation.Design + "; best reachable: the probabilities that the world drew its churn with");
        console.WriteLine(demo.Alarm ?? "no leakage alarm");
        console.WriteLine();
        DecisionSummary.Print(console, demo.Decisions);
        console.WriteLine();
        foreach (string line in File.ReadLines(demo.Decisions.Path).Take(FirstLines + 1))
            console.Profile.Out.Writer.WriteLine(line); // as it is: the console would wrap it
        console.WriteLine();
        foreach ((string what, string path) in demo.Files)
            console.WriteLine($"{what,-12} {path}");
    }
}
