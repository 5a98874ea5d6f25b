using System.CommandLine;

namespace ChurnEngine.Bench;

/// <summary>Times one stage in this process and prints one JSON line: what pipeline and guard start as a child.</summary>
internal sealed class StageCommand : BenchCommand
{
    /// <summary>In place of a stage: print the names of all.</summary>
    internal const string List = "list";

    private static readonly StageOptions s_defaults = new() { Stage = "" };
    private readonly Argument<string> _stage;
    private readonly Option<int> _customers, _months, _threads, _features, _trees, _snapshots, _warmUps, _rounds;
    private readonly Option<long> _seed;
    private readonly Option<string> _cache;
    private readonly Option<string?> _world;
    private readonly Option<bool> _onRequest;

    public StageCommand() : base("stage", "Time one stage alone, in this process, and print one JSON line. Its data is generated once and kept in a cache; nothing of that is timed.")
    {
        _stage = new Argument<string>("stage") { Description = string.Join("; ", StageCatalog.All.Select(stage => $"{stage.Name}: {stage.Does}")) + $"; {KernelStage.Prefix}NAME: one kernel. Or '{List}': print the names of all." };
        Command.Arguments.Add(_stage);
        _customers = Number("--customers", "Customers of the generated world.", s_defaults.Customers);
        _months = Number("--months", "Months that the world covers.", s_defaults.Months);
        _seed = Add(new Option<long>("--seed") { Description = "Same seed, same world.", DefaultValueFactory = _ => s_defaults.Seed, HelpName = "S" });
        _threads = Number("--threads", "Threads of the stage.", s_defaults.Threads);
        _features = Number("--features", "Features of the plan; 0: the world's own.", s_defaults.Features);
        _trees = Number("--trees", "Trees to train and to score with.", s_defaults.Trees);
        _snapshots = Number("--snapshots", "As-of dates to train on.", s_defaults.Snapshots);
        _warmUps = Number("--warm-ups", "Rounds before the timed ones.", s_defaults.WarmUps);
        _rounds = Number("--rounds", "Timed rounds.", s_defaults.Rounds);
        _cache = Add(new Option<string>("--cache") { Description = "Folder for prepared data.", DefaultValueFactory = _ => s_defaults.Cache, HelpName = "DIR" });
        _world = Add(new Option<string?>("--world") { Description = "World made before, instead of one of the cache.", HelpName = "DIR" });
        _onRequest = Add(new Option<bool>("--on-request") { Description = "Print 'ready' once warm, then run a round and print its line for each line on standard input; --rounds is ignored." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("training on the rows of 100,000 customers, three rounds", "stage train"),
        new("one thread, a smaller world, more trees", "stage train --customers 20000 --threads 1 --trees 300"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetRequiredValue(_stage) == List)
        {
            foreach (string name in StageCatalog.Names.Concat(KernelStage.Names))
                Console.Out.WriteLine(name);
            return 0;
        }
        var options = new StageOptions
        {
            Stage = arguments.GetRequiredValue(_stage),
            Customers = arguments.GetValue(_customers),
            Months = arguments.GetValue(_months),
            Seed = arguments.GetValue(_seed),
            Threads = arguments.GetValue(_threads),
            Features = arguments.GetValue(_features),
            Trees = arguments.GetValue(_trees),
            Snapshots = arguments.GetValue(_snapshots),
            WarmUps = arguments.GetValue(_warmUps),
            Rounds = Math.Max(1, arguments.GetValue(_rounds)),
            Cache = Path.GetFullPath(arguments.GetValue(_cache)!),
            World = arguments.GetValue(_world) is { } world ? Path.GetFullPath(world) : null,
        };
        using var session = new StageSession(options);
        if (arguments.GetValue(_onRequest))
            Serve(session);
        else
            for (int round = 0; round < options.Rounds; round++)
                session.RunRound();
        Console.Out.WriteLine(session.Summarize().ToLine());
        return 0;
    }

    // Two builds that answer by turns measure the same minute of the machine.
    private static void Serve(StageSession session)
    {
        Console.Out.WriteLine(StageProcess.Ready);
        Console.Out.Flush();
        while (Console.In.ReadLine() is not null)
        {
            Console.Out.WriteLine(session.RunRound().ToLine());
            Console.Out.Flush();
        }
    }

    private Option<int> Number(string name, string description, int standard) =>
        Add(new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = "N" });
}
