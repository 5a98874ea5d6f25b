using System.CommandLine;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>How long the features of one customer take from raw events, as a service computes them.</summary>
internal sealed class CustomerCommand : BenchCommand
{
    private readonly Option<int> _events;
    private readonly Option<int> _features;
    private readonly Option<int> _calls;
    private readonly Option<string?> _out;

    public CustomerCommand() : base("customer", "Features of one customer from the raw events: of all events at once, and on a stream, where events are applied one by one and the features read at any instant. The time that 50, 99 and 99.9% of the calls stay below.")
    {
        _events = Add(new Option<int>("--events", "-n") { Description = "Events of the customer, in a year.", DefaultValueFactory = _ => 1_000, HelpName = "N" });
        _features = Add(new Option<int>("--features") { Description = "30 or 167, as in peers.", DefaultValueFactory = _ => 167, HelpName = "F" });
        _features.AcceptOnlyFromAmong("30", "167");
        _calls = Add(new Option<int>("--calls") { Description = "Calls timed.", DefaultValueFactory = _ => 5_000, HelpName = "N" });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the results. Default: artifacts/bench/customer.json.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a thousand events, 167 features", "customer"),
        new("a heavy user", "customer --events 100000 --calls 200"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var size = new CustomerSize(arguments.GetValue(_events), arguments.GetValue(_features), arguments.GetValue(_calls));
        if (size.Events < 1 || size.Calls < 100)
            throw new BenchException("there is nothing to measure", "give at least one event and a hundred calls");
        SuiteRun run = CustomerMeasurement.Run(size, cancellation);
        BenchConsole.Out.Write(LatencyEntries.Table(run));
        BenchConsole.Out.WriteLine($"{size.Events:N0} events, {size.Features} features, {size.Calls:N0} calls of each; the goal is 1,000 us from all events");
        ResultFile.Save(run, arguments.GetValue(_out));
        return 0;
    }
}
