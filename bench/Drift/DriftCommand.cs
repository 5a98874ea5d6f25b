using System.CommandLine;

namespace ChurnEngine.Bench.Drift;

/// <summary>Does monitoring see what changed, as soon as it changed, and is it quiet when nothing did?</summary>
internal sealed class DriftCommand : BenchCommand
{
    /// <summary>False alarms that a hundred windows may have.</summary>
    internal const double AllowedPerHundred = 1;

    private readonly Option<int> _worlds;
    private readonly Option<int> _customers;
    private readonly Option<int> _threads;

    public DriftCommand() : base("drift", "Watches generated worlds by a model of another one: alarms in worlds where nothing changes, and how soon each injected change is found and named. Exit code 1 when one is missed, or more than one window in a hundred alarms for nothing.")
    {
        _worlds = Add(new Option<int>("--worlds") { Description = "Worlds in which nothing changes; five windows each.", HelpName = "N", DefaultValueFactory = _ => 20 });
        _customers = Add(new Option<int>("--customers") { Description = "Customers of each world, 2,000 and up.", HelpName = "N", DefaultValueFactory = _ => 10_000 });
        _threads = Add(new Option<int>("--threads") { Description = "Threads.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the tables of bench/README.md; some ten minutes", "drift"),
        new("a first look", "drift --worlds 2 --customers 4000"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var size = new DriftSize(arguments.GetValue(_worlds), arguments.GetValue(_customers), arguments.GetValue(_threads));
        if (size.Worlds < 1 || size.Customers < 2_000)
            throw new BenchException("there is nothing to watch", "take at least one world and 2,000 customers");
        DriftRun run = DriftRun.Of(size, Path.Combine(SourceTree.ResultFolder, "drift"), Console.Error.WriteLine, cancellation);
        Console.Out.WriteLine($"{Table(run)}\n\n{run.Windows} windows of {size.Worlds} worlds in which nothing changes: {run.FalseAlarms.Count} with an alarm{(run.FalseAlarms.Count > 0 ? $" ({string.Join("; ", run.FalseAlarms)})" : "")}. "
            + $"{size.Customers:N0} customers a world; windows 30 days apart. Commit {SourceTree.Commit}{(SourceTree.IsDirty ? ", changed" : "")}.");
        return run.Changes.All(change => change.Found > 0) && 100.0 * run.FalseAlarms.Count / run.Windows <= AllowedPerHundred ? 0 : 1;
    }

    /// <summary>One line a change, in Markdown.</summary>
    internal static MarkdownTable Table(DriftRun run)
    {
        var table = new MarkdownTable("change", "asked of the generator", " found in window", "named, the furthest first", "alarms of the window before");
        foreach (DriftChange change in run.Changes)
            table.Add(change.Name, change.Asked, change.Found == 0 ? "not found" : $"{change.Found}", string.Join(", ", change.Named.Take(4)), change.Before == 0 ? "none" : $"{change.Before}");
        return table;
    }
}
