using System.CommandLine;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>How long one customer's features take out of the online store: the slow reads, not the mean one.</summary>
internal sealed class LookupCommand : BenchCommand
{
    private readonly Option<int> _customers;
    private readonly Option<int> _features;
    private readonly Option<int> _reads;
    private readonly Option<bool> _textKeys;
    private readonly Option<string?> _out;

    public LookupCommand() : base("lookup", "Point reads from the online feature store, at random keys: the time that 50, 99 and 99.9% of them stay below; first after opening, then warm.")
    {
        _customers = Add(new Option<int>("--customers", "-n") { Description = "Customers in the store.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" });
        _features = Add(new Option<int>("--features") { Description = "Features of each; one in ten is text.", DefaultValueFactory = _ => 30, HelpName = "F" });
        _reads = Add(new Option<int>("--reads") { Description = "Reads timed.", DefaultValueFactory = _ => 100_000, HelpName = "N" });
        _textKeys = Add(new Option<bool>("--text-keys") { Description = "Keys are texts rather than whole numbers." });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the results. Default: artifacts/bench/lookup.json.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a million customers, thirty features", "lookup"),
        new("wide rows, text keys", "lookup --features 167 --text-keys"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var size = new LookupSize(arguments.GetValue(_customers), arguments.GetValue(_features), arguments.GetValue(_reads), arguments.GetValue(_textKeys));
        if (size.Customers < 1 || size.Features < 1 || size.Reads < 100)
            throw new BenchException("there is nothing to measure", "give at least one customer, one feature and a hundred reads");
        SuiteRun run = LookupMeasurement.Run(size, cancellation);
        BenchConsole.Out.Write(LatencyEntries.Table(run));
        ResultEntry published = run.Entries.First(entry => entry.Name == "publish");
        BenchConsole.Out.WriteLine($"{size.Customers:N0} customers x {size.Features} features, {Numbers.Bytes(published.BytesMoved)}, published in {Numbers.Seconds(published.Seconds ?? 0)} s; the goal is 10,000 us at p99");
        ResultFile.Save(run, arguments.GetValue(_out));
        return 0;
    }
}
