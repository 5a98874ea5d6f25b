using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>Where a stage spends its time: a flame graph and a table, so that the next bottleneck is seen and not guessed.</summary>
internal sealed class ProfileCommand : BenchCommand
{
    private const int WarmSeconds = 3;
    private static readonly IStackSampler[] s_samplers = [new PerfSampler(), new EventSampler()];
    private static readonly StageOptions s_defaults = new() { Stage = "" };
    private readonly Argument<string> _stage;
    private readonly Option<int> _customers, _threads, _trees, _features, _seconds, _top;
    private readonly Option<string> _sampler, _cache;
    private readonly Option<string?> _out;

    public ProfileCommand() : base("profile", "Where a stage spends its time: samples its stacks in a process of its own, draws a flame graph (SVG) and prints the frames with most time in themselves.")
    {
        _stage = new Argument<string>("stage") { Description = $"One of {string.Join(", ", StageCatalog.Names)}." };
        Command.Arguments.Add(_stage);
        _customers = Number("--customers", "Customers of the generated world.", s_defaults.Customers);
        _threads = Number("--threads", "Threads of the stage.", s_defaults.Threads);
        _trees = Number("--trees", "Trees to train and to score with.", s_defaults.Trees);
        _features = Number("--features", "Features of the plan; 0: the world's own.", s_defaults.Features);
        _seconds = Number("--seconds", "Sample whole rounds for about so long.", 8);
        _top = Number("--top", "Frames to print.", 20);
        _sampler = Add(new Option<string>("--sampler") { Description = "perf: every core, native code too, Linux with the package linux-perf; events: the runtime's own sampling, managed code alone; auto: perf where it works.", DefaultValueFactory = _ => "auto", HelpName = "NAME" });
        _sampler.AcceptOnlyFromAmong(["auto", .. s_samplers.Select(sampler => sampler.Name)]);
        _cache = Add(new Option<string>("--cache") { Description = "Folder for prepared data.", DefaultValueFactory = _ => s_defaults.Cache, HelpName = "FOLDER" });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the flame graph; the folded stacks lie beside it as .folded. Default: artifacts/bench/profile-STAGE.svg.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("where training spends its time", "profile train"),
        new("reading files, on one thread, with the frames inside DuckDB", "profile ingest --threads 1 --sampler perf"),
        new("without any tool but .NET", "profile train --sampler events"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var options = new StageOptions
        {
            Stage = StageCatalog.Find(arguments.GetRequiredValue(_stage)).Name,
            Customers = arguments.GetValue(_customers),
            Threads = arguments.GetValue(_threads),
            Trees = arguments.GetValue(_trees),
            Features = arguments.GetValue(_features),
            Cache = Path.GetFullPath(arguments.GetValue(_cache)!),
            WarmUps = 1,
        };
        IStackSampler sampler = Choose(arguments.GetValue(_sampler)!);
        int seconds = Math.Max(1, arguments.GetValue(_seconds)), rounds = 0;
        Console.Error.WriteLine($"preparing {options.Stage}");
        StackProfile profile;
        using (StageProcess child = StageProcess.Open(StageProcess.ThisProgram, options, sampler.Environment))
        {
            // Until what is called often has reached its last compilation, which the runtime puts off while there is work.
            Rounds(child, WarmSeconds, cancellation);
            Console.Error.WriteLine($"sampling with {sampler.Name} for about {seconds} s");
            profile = sampler.Sample(child.ProcessId, () => rounds = Rounds(child, seconds, cancellation));
            child.Finish();
        }
        if (profile.Samples == 0)
            throw new BenchException("no sample was taken", "take more --seconds, or another --sampler");
        string title = $"{options.Stage}: {options.Customers:N0} customers, {options.Threads} threads, {options.Trees} trees; {rounds} rounds, {profile.Samples:N0} samples ({sampler.Name}); commit {SourceTree.Commit}";
        string path = Path.GetFullPath(arguments.GetValue(_out) ?? Path.Combine(SourceTree.ResultFolder, $"profile-{options.Stage.Replace(':', '-')}.svg"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, FlameGraph.Render(profile, title));
        File.WriteAllLines(Path.ChangeExtension(path, ".folded"), profile.Folded());
        Write(profile, title, sampler, Math.Max(1, arguments.GetValue(_top)));
        Console.Error.WriteLine($"flame graph: {path}");
        return 0;
    }

    private static int Rounds(StageProcess child, int seconds, CancellationToken cancellation)
    {
        int rounds = 0;
        for (long start = Stopwatch.GetTimestamp(); rounds == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; rounds++)
        {
            cancellation.ThrowIfCancellationRequested();
            child.RunRound();
        }
        return rounds;
    }

    private static void Write(StackProfile profile, string title, IStackSampler sampler, int top)
    {
        BenchConsole.Out.WriteLine(title);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("frame").AddColumn(new TableColumn("in itself").RightAligned()).AddColumn(new TableColumn("with callees").RightAligned());
        foreach ((string frame, long self, long total) in profile.Top(top))
            table.AddRow(Markup.Escape(frame), $"{100.0 * self / profile.Samples:N1}%", $"{100.0 * total / profile.Samples:N1}%");
        BenchConsole.Out.Write(table);
        BenchConsole.Out.WriteLine(sampler.Sees);
    }

    private static IStackSampler Choose(string name)
    {
        if (name == "auto")
            return s_samplers.First(sampler => sampler.Missing() is null);
        IStackSampler chosen = s_samplers.First(sampler => sampler.Name == name);
        return chosen.Missing() is { } missing ? throw new BenchException($"--sampler {name} does not work here", missing) : chosen;
    }

    private Option<int> Number(string name, string description, int standard) =>
        Add(new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = "N" });
}
