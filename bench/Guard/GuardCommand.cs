using System.CommandLine;

namespace ChurnEngine.Bench;

internal sealed class GuardCommand : BenchCommand
{
    private readonly Option<string?> _against, _out;
    private readonly Option<bool> _short, _write, _prove;
    private readonly Option<string[]> _stages;
    private readonly Option<int> _customers, _launches, _rounds, _unchangedRuns;
    private readonly Option<int?> _timeKernels;

    public GuardCommand() : base("guard", "Did a change make it slower, or allocate more? Compares with another commit, or with bench/budgets.json. Exit code 1: yes.")
    {
        _against = Add(new Option<string?>("--against") { Description = "Commit to compare with. It is built in a temporary worktree, and both builds run by turns.", HelpName = "REV" });
        _short = Add(new Option<bool>("--short") { Description = "Budgets only, and of these only allocations count; ratios are shown. For every build." });
        _write = Add(new Option<bool>("--write") { Description = "Write bench/budgets.json anew, with room over what is measured now; with --stages these alone. Other instruction sets keep their budgets of time." });
        _prove = Add(new Option<bool>("--prove") { Description = "Show that the guard works: a build whose histogram kernel does 15% more is caught, ten comparisons of an unchanged tree raise no alarm. About ten minutes on a quiet machine." });
        _stages = Add(new Option<string[]>("--stages") { Description = $"Which: {string.Join(", ", StageCatalog.Names)}, kernel:NAME. Default: all.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME" });
        _customers = Number("--customers", "Customers of the world that stages work on.", new GuardSettings { Stages = [] }.Customers);
        _launches = Number("--launches", "Pairs of processes a stage, with --against.", new GuardSettings { Stages = [] }.Launches);
        _rounds = Number("--rounds", "Timed rounds of a process.", new GuardSettings { Stages = [] }.Rounds);
        _unchangedRuns = Number("--unchanged-runs", "Comparisons of an unchanged tree, with --prove.", 10);
        // What the guard starts itself, to time kernels with other switches of the runtime.
        _timeKernels = Add(new Option<int?>("--time-kernels") { Hidden = true });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File for the comparison. Default: artifacts/bench/guard.json.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("is anything slower than on main?", "guard --against main"),
        new("one stage and one kernel, more carefully", "guard --against HEAD~1 --stages train kernel:HistogramKernel --launches 12"),
        new("within the budgets? ratios and allocations", "guard"),
        new("the same as .ci/run has it, a minute or two", "guard --short"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(_timeKernels) is { } kernelRounds)
            return TimeKernels(kernelRounds, arguments.GetValue(_stages), cancellation);
        string? against = arguments.GetValue(_against);
        if (new[] { against is not null, arguments.GetValue(_short), arguments.GetValue(_write), arguments.GetValue(_prove) }.Count(asked => asked) > 1)
            throw new BenchException("--against, --short, --write and --prove ask for different things", "give one of them");
        string[] asked = arguments.GetValue(_stages) is { Length: > 0 } names ? [.. names.Select(name => StageCatalog.Find(name).Name)] : [];
        var settings = new GuardSettings
        {
            Stages = asked,
            Customers = arguments.GetValue(_customers),
            Launches = arguments.GetValue(_launches),
            Rounds = arguments.GetValue(_rounds),
        };
        if (arguments.GetValue(_prove))
            return GuardProof.Run(settings, arguments.GetValue(_unchangedRuns), cancellation);
        if (against is not null)
            return Compare(settings with { Stages = asked.Length > 0 ? asked : [.. StageCatalog.Names, .. KernelStage.Names] }, against, (arguments.GetValue(_out), cancellation));
        var budgeted = new BudgetGuard(settings with { Stages = asked.Length > 0 ? asked : StageCatalog.Names }, MachineLimits.Load(), cancellation);
        if (!arguments.GetValue(_write))
            return budgeted.Check(Budgets.Read(Budgets.File), arguments.GetValue(_short));
        budgeted.Write(File.Exists(Budgets.File) ? Budgets.Read(Budgets.File) : null, stagesOnly: asked.Length > 0).Write(Budgets.File);
        BenchConsole.Out.Write(new Spectre.Console.Text($"written: {Budgets.File}\n"));
        return 0;
    }

    private static int Compare(GuardSettings settings, string against, (string? Out, CancellationToken Cancellation) run)
    {
        SuiteRun suite = SuiteRun.Start("guard");
        using var tree = BuiltTree.OfCommit(against, run.Cancellation);
        IReadOnlyList<string> known = StageProcess.StagesOf(tree.Program);
        foreach (string missing in settings.Stages.Except(known))
            Console.Error.WriteLine($"{tree.Name} has no {missing}: not compared");
        GuardSettings common = settings with { Stages = [.. settings.Stages.Intersect(known)] };
        var duel = new StageDuel(StageProcess.ThisProgram, tree.Program, new StageCache(common.Options("ingest")).World());
        var verdict = GuardVerdict.Reach(duel, common, run.Cancellation);
        verdict.Print(BenchConsole.Out, tree.Name);
        ResultFile.Save(suite with { Entries = [.. verdict.Entries(tree.Name)] }, run.Out);
        return verdict.IsAlarm ? 1 : 0;
    }

    private static int TimeKernels(int rounds, string[]? names, CancellationToken cancellation)
    {
        foreach (KernelCase one in KernelCase.All.Where(one => names is not { Length: > 0 } || names.Contains(Budgets.KeyOf(one))))
            Console.Out.WriteLine(KernelTimer.Measure(one, rounds, cancellation).ToLine());
        return 0;
    }

    private Option<int> Number(string name, string description, int standard) =>
        Add(new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard, HelpName = "N" });
}
