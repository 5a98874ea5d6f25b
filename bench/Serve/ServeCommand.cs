using System.CommandLine;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>How fast <c>churn serve</c> answers, and whether its memory stays as it is.</summary>
internal sealed class ServeCommand : BenchCommand
{
    private readonly Option<int> _seconds;
    private readonly Option<int> _connections;
    private readonly Option<int> _minutes;
    private readonly Option<int> _rate;
    private readonly Option<string> _backend;
    private readonly Option<string?> _out;

    public ServeCommand() : base("serve", "The HTTP service on one core and who asks it on another, over loopback: features by name into 200 trees, and 1,000 raw events into the music log's 167 features. The time that 50, 99 and 99.9% of the requests stay below, requests a second, start to ready, and with --minutes how memory grows.")
    {
        _seconds = Add(new Option<int>("--seconds") { Description = "Length of each measurement.", DefaultValueFactory = _ => 10, HelpName = "S" });
        _connections = Add(new Option<int>("--connections") { Description = "Connections at once, after one alone.", DefaultValueFactory = _ => 8, HelpName = "N" });
        _minutes = Add(new Option<int>("--minutes") { Description = "Then a soak of that length; 0 for none.", DefaultValueFactory = _ => 0, HelpName = "M" });
        _rate = Add(new Option<int>("--rate") { Description = "Requests a second of the soak.", DefaultValueFactory = _ => 1_000, HelpName = "N" });
        _backend = Add(new Option<string>("--backend") { Description = "As of churn serve.", DefaultValueFactory = _ => "onnx", HelpName = "NAME" });
        _backend.AcceptOnlyFromAmong("onnx", "simd", "walk");
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the results. Default: artifacts/bench/serve.json.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("latency and rate", "serve"),
        new("ten minutes at 1,000 a second, by our own vectors", "serve --minutes 10 --backend simd"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var size = new ServeSize(arguments.GetValue(_seconds), arguments.GetValue(_connections), arguments.GetValue(_minutes), arguments.GetValue(_rate), arguments.GetValue(_backend)!);
        if (size.Seconds < 1 || size.Connections < 1 || size.Minutes < 0 || size.Rate < 1)
            throw new BenchException("there is nothing to measure", "give at least a second, a connection and a request a second");
        if (Environment.ProcessorCount < 2)
            throw new BenchException("server and client would share a core", "run it where there are two");
        SuiteRun run = ServeMeasurement.Run(size, cancellation);
        BenchConsole.Out.Write(LatencyEntries.Table(run with { Entries = [.. run.Entries.Where(entry => entry.Name == "serve")] }));
        foreach (ResultEntry entry in run.Entries.Where(entry => entry.Name != "serve"))
            BenchConsole.Out.WriteLine(FormattableString.Invariant($"{entry.Name}, {entry.Parameters["calls"]}: {entry.Value:N2} {entry.Unit}"));
        BenchConsole.Out.WriteLine("the goals: features p99 < 10,000 us and 2,000 predictions/s; events p99 < 50,000 us; ready in 2 s; no growth");
        ResultFile.Save(run, arguments.GetValue(_out));
        return 0;
    }
}
