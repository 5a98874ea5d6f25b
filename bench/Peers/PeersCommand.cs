using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ChurnEngine.Bench.Peers;

/// <summary>Installs the peers and runs every comparison.</summary>
internal sealed class PeersCommand : BenchCommand
{
    /// <summary>Processes that want to run, above which others are at work here.</summary>
    private const double Busy = 0.5;

    private readonly Option<string[]> _only;
    private readonly Option<string[]> _match;
    private readonly Option<int> _rounds;
    private readonly Option<int[]> _threads;
    private readonly Option<bool> _quick;
    private readonly Option<bool> _grid;
    private readonly Option<bool> _list;
    private readonly Option<string> _cache;
    private readonly Option<string?> _json;

    public PeersCommand() : base("peers", "Against what users would take otherwise: equal options, interleaved rounds, ratios with intervals, equal results checked.")
    {
        string names = string.Join(", ", IPeerEntry.All.Select(entry => entry.Name));
        _only = Add(new Option<string[]>("--only") { Description = $"Comparisons to run: {names}. Default: all.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true });
        _match = Add(new Option<string[]>("--match") { Description = "Only cases whose name holds all of these words, such as 'churn-1m' '2 threads'; see --list.", HelpName = "TEXT", AllowMultipleArgumentsPerToken = true });
        _rounds = Add(new Option<int>("--rounds") { Description = "Interleaved rounds; six and more give rank intervals that single bursts do not move. The longest cases run fewer.", DefaultValueFactory = _ => 5, HelpName = "N" });
        _threads = Add(new Option<int[]>("--threads") { Description = "Numbers of threads to compare at. Default: 1 and 2.", HelpName = "N", AllowMultipleArgumentsPerToken = true });
        _quick = Add(new Option<bool>("--quick") { Description = "Small sizes, two rounds: shows that all works, supports no claim." });
        _grid = Add(new Option<bool>("--grid") { Description = "Every combination of shape, leaves, bins and threads; hours." });
        _list = Add(new Option<bool>("--list") { Description = "Print the cases and about how long each takes, and run none." });
        _cache = Add(new Option<string>("--cache") { Description = "Folder for generated data, kept between runs.", DefaultValueFactory = _ => Path.Combine(SourceTree.ResultFolder, "cache"), HelpName = "FOLDER" });
        _json = Add(new Option<string?>("--json", "--out", "-o") { Description = "File for the results. Default: artifacts/bench/peers.json.", HelpName = "FILE" });
        Command.Subcommands.Add(Child());
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("install the peers and run all, about twenty minutes on a quiet machine", "peers"),
        new("see in two minutes that all works", "peers --quick"),
        new("training alone, one case, more rounds", "peers --only train --match churn-100k '2 threads' --rounds 10"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        bool quick = arguments.GetValue(_quick);
        var request = new PeerRequest
        {
            Rounds = quick && arguments.GetResult(_rounds)?.Implicit != false ? 2 : arguments.GetValue(_rounds),
            Quick = quick,
            Grid = arguments.GetValue(_grid),
            Threads = arguments.GetValue(_threads) is { Length: > 0 } threads ? threads : [.. Enumerable.Range(1, Math.Min(2, Environment.ProcessorCount))],
            Cache = Path.GetFullPath(arguments.GetValue(_cache)!),
        };
        if (request.Rounds < 1 || request.Threads.Any(n => n < 1))
            throw new BenchException("rounds and threads must be 1 or more", "see bench peers --help");
        (IPeerEntry Entry, PeerCase Case)[] cases = [.. Choose(Words(arguments.GetValue(_only))).SelectMany(entry => entry.Cases(request).Select(one => (entry, one)))
            .Where(pair => (arguments.GetValue(_match) ?? []).All(word => pair.one.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        if (cases.Length == 0)
            throw new BenchException("no case matches", "see bench peers --list");
        var runner = new PeerRunner(request, Say, cancellation);
        if (arguments.GetValue(_list))
        {
            List(cases, request);
            return 0;
        }
        if (DebianPackage.Install([.. cases.SelectMany(pair => pair.Entry.Needs).Distinct()], Say) is { } toDo)
            throw new BenchException("a peer is not installed", toDo);
        Say($"{cases.Length} {(cases.Length == 1 ? "case" : "cases")}, about {Minutes(runner.Estimate(cases.Select(pair => pair.Case)))} on a quiet machine");
        if (MachineInfo.LoadAverage() is > Busy and double load)
            Say($"warning: this machine is not quiet (load {load:N1}). Threads of some peers wait by spinning, so that other work slows them far more than its share: such ratios support no claim");
        return RunAll(cases, runner, (SuiteRun.Start("peers", quick), arguments.GetValue(_json)), cancellation);
    }

    private static int RunAll((IPeerEntry Entry, PeerCase Case)[] cases, PeerRunner runner, (SuiteRun Run, string? Path) results, CancellationToken cancellation)
    {
        List<ResultEntry> entries = [];
        int failed = 0, unequal = 0;
        IPeerEntry? last = null;
        for (int i = 0; i < cases.Length; i++)
        {
            (IPeerEntry entry, PeerCase one) = cases[i];
            Say($"[{i + 1}/{cases.Length}] {entry.Name}: {one.Name}; about {Minutes(runner.Estimate(cases.Skip(i).Select(pair => pair.Case)))} left");
            if (entry != last)
                Console.WriteLine(entry.Summary + "\n");
            last = entry;
            try
            {
                PeerOutcome outcome = runner.Run(entry, one);
                entries.AddRange(PeerReport.Entries(outcome));
                unequal += outcome.Verdicts.Count(verdict => !verdict.Holds);
                PeerReport.Write(BenchConsole.Out, outcome);
            }
            catch (BenchException fault) when (!cancellation.IsCancellationRequested)
            {
                // The others are still worth their minutes.
                failed++;
                Say($"  FAILED {fault.Message}");
                Console.WriteLine($"{entry.Name}: {one.Name}: FAILED, see standard error\n");
            }
            // After each case, so that an interrupted run leaves what it measured.
            ResultFile.Save(results.Run with { Entries = entries }, results.Path);
        }
        Console.WriteLine($"{cases.Length - failed} of {cases.Length} cases run{(results.Run.Quick ? " at quick sizes, which support no claim" : "")}, {unequal} checks of equal results failed.");
        return failed > 0 ? 2 : 0;
    }

    private static void List((IPeerEntry Entry, PeerCase Case)[] cases, PeerRequest request)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("comparison", "case").AddColumn(new TableColumn("rounds").RightAligned()).AddColumn(new TableColumn("about").RightAligned());
        foreach ((IPeerEntry entry, PeerCase one) in cases)
            table.AddRow(entry.Name, Markup.Escape(one.Name), $"{one.Rounds(request.Rounds)}", $"{one.SecondsPerRound * one.Rounds(request.Rounds):N0} s");
        BenchConsole.Out.Write(table);
        Console.WriteLine($"together about {cases.Sum(pair => pair.Case.SecondsPerRound * pair.Case.Rounds(request.Rounds)) / 60:N0} minutes on a quiet machine");
    }

    private static IPeerEntry[] Choose(string[] only)
    {
        string? unknown = only.FirstOrDefault(name => IPeerEntry.All.All(entry => entry.Name != name));
        if (unknown is not null)
            throw new BenchException($"there is no comparison '{unknown}'", $"take {string.Join(", ", IPeerEntry.All.Select(entry => entry.Name))}");
        return [.. IPeerEntry.All.Where(entry => only.Length == 0 || only.Contains(entry.Name))];
    }

    // What PeerProcess calls; no user does.
    private static Command Child()
    {
        var entry = new Argument<string>("entry");
        var contestant = new Argument<string>("contestant");
        var options = new Argument<string>("options");
        var command = new Command("child", "Runs one contestant once and prints what it measured.") { Hidden = true };
        command.Arguments.Add(entry);
        command.Arguments.Add(contestant);
        command.Arguments.Add(options);
        command.SetAction(arguments =>
        {
            PeerMeasures measures = Choose([arguments.GetValue(entry)!])[0].Measure(arguments.GetValue(contestant)!, JsonNode.Parse(arguments.GetValue(options)!)!.AsObject());
            Console.WriteLine(measures.ToJson());
            return 0;
        });
        return command;
    }

    private static string Minutes(double seconds) => seconds < 90 ? $"{seconds:N0} seconds" : $"{seconds / 60:N0} minutes";

    private static void Say(string text) => Console.Error.WriteLine(text);
}
