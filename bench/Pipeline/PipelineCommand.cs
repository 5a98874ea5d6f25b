using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Every stage at every size, each in a process of its own, and how each grows.</summary>
internal sealed class PipelineCommand : BenchCommand
{
    // Reasons cost ten times the score and would take a third of the run; ask for them with --stages.
    private const string NotByDefault = "explain";
    private readonly Option<string[]> _customers, _stages, _grow;
    private readonly Option<int> _rounds, _threads, _trees;
    private readonly Option<bool> _quick, _force, _list;
    private readonly Option<string> _cache;
    private readonly Option<string?> _out, _html;

    public PipelineCommand() : base("pipeline", "Every stage at every size: rows/s, seconds, memory, allocations, share of the machine's limit, and how each grows; JSON and one HTML page.")
    {
        string axes = string.Join(", ", GrowthAxis.All(false).Select(axis => axis.Name));
        _customers = Add(new Option<string[]>("--customers") { Description = "Sizes of the world. Rows of 10000000 take about 48 GB of disk.", DefaultValueFactory = _ => ["100000,1000000"], HelpName = "N,N", AllowMultipleArgumentsPerToken = true });
        _stages = Add(new Option<string[]>("--stages") { Description = $"Stages to run: {string.Join(", ", StageCatalog.Names)}. Default: all but {NotByDefault}.", HelpName = "NAME,NAME", AllowMultipleArgumentsPerToken = true });
        _grow = Add(new Option<string[]>("--grow") { Description = $"Axes to vary, each alone: {axes}; or none.", DefaultValueFactory = _ => [axes], HelpName = "NAME,NAME", AllowMultipleArgumentsPerToken = true });
        _rounds = Add(new Option<int>("--rounds") { Description = "Timed rounds. Default: three, and one beyond 200,000 customers.", HelpName = "N" });
        _threads = Add(new Option<int>("--threads") { Description = "Threads of every stage.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" });
        _trees = Add(new Option<int>("--trees") { Description = "Trees to train and to score with.", DefaultValueFactory = _ => 100, HelpName = "N" });
        _quick = Add(new Option<bool>("--quick") { Description = "Small worlds, few trees: shows that all works, supports no claim." });
        _force = Add(new Option<bool>("--force") { Description = "Run what memory or disk would not do for." });
        _list = Add(new Option<bool>("--list") { Description = "Print what would run and about how long it takes, and run nothing." });
        _cache = Add(new Option<string>("--cache") { Description = "Folder for generated worlds, kept between runs.", DefaultValueFactory = _ => Path.Combine(SourceTree.ResultFolder, "cache"), HelpName = "FOLDER" });
        _out = Add(new Option<string?>("--json", "--out", "-o") { Description = "File for the results. Default: artifacts/bench/pipeline.json.", HelpName = "FILE" });
        _html = Add(new Option<string?>("--html") { Description = "File for the page with charts. Default: beside the results.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every stage at 100,000 and a million customers, and every growth, about eight minutes on a quiet machine", "pipeline"),
        new("see in a minute that all works", "pipeline --quick"),
        new("ten million customers, where memory allows", "pipeline --customers 10000000 --grow none"),
        new("how training grows, and nothing else", "pipeline --customers 100000 --stages train --grow rows,features,trees"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        PipelineRequest request = Read(arguments);
        PlannedStage[] plan = Fitting(request, arguments.GetValue(_force));
        double estimate = plan.Sum(planned => planned.Estimate);
        if (arguments.GetValue(_list))
        {
            PipelineReport.WritePlan(plan);
            return 0;
        }
        if (plan.Length == 0)
            throw new BenchException("nothing is left to run", "take fewer customers, or --force");
        MachineLimits limits = MachineLimits.Load();
        Console.Error.WriteLine($"{plan.Length} stage runs, about {Math.Max(1, estimate / 60):N0} minutes on two quiet cores, more where worlds have to be generated first; load {MachineInfo.LoadAverage()?.ToString("N1", CultureInfo.InvariantCulture) ?? "unknown"}");
        (SuiteRun run, int failed) = Measure(plan, limits, SuiteRun.Start("pipeline", request.Quick), cancellation);
        string json = Path.GetFullPath(arguments.GetValue(_out) ?? Path.Combine(SourceTree.ResultFolder, "pipeline.json"));
        ResultFile.Save(run, json);
        PipelineReport.Write(run);
        string html = arguments.GetValue(_html) ?? Path.ChangeExtension(json, ".html");
        File.WriteAllText(html, PipelinePage.Render(run, MachineInfo.Read()));
        Console.Error.WriteLine($"page: {html}");
        return failed > 0 ? 2 : 0;
    }

    private static (SuiteRun Run, int Failed) Measure(PlannedStage[] plan, MachineLimits limits, SuiteRun run, CancellationToken cancellation)
    {
        List<ResultEntry> entries = [];
        int failed = 0;
        double estimated = 0, total = plan.Sum(planned => planned.Estimate);
        long start = Stopwatch.GetTimestamp();
        List<(PlannedStage Planned, StageOutcome Outcome)> grown = [];
        foreach ((int number, PlannedStage planned) in plan.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            double left = (total - estimated) * (estimated > 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds / estimated : 1);
            Console.Error.WriteLine($"[{number + 1}/{plan.Length}] {planned.Describe()}; about {(left < 90 ? $"{left:N0} seconds" : $"{left / 60:N0} minutes")} left");
            estimated += planned.Estimate;
            StageOutcome outcome;
            try
            {
                outcome = StageProcess.Measure(planned.Options);
            }
            catch (BenchException fault)
            {
                // The other stages are still worth their minutes.
                Console.Error.WriteLine($"  FAILED {fault.Message}");
                failed++;
                continue;
            }
            if (planned.Axis is null)
                entries.Add(PipelineResults.Stage(outcome, limits));
            else
                grown.Add((planned, outcome));
        }
        foreach (var group in grown.GroupBy(pair => (Axis: pair.Planned.Axis!.Name, pair.Outcome.Stage)).Where(group => group.Count() > 1))
            entries.AddRange(PipelineResults.Growth(group.First().Planned.Axis!, [.. group.Select(pair => pair.Outcome)]));
        return (run with { Entries = entries }, failed);
    }

    private static PlannedStage[] Fitting(PipelineRequest request, bool force)
    {
        var fit = StageFit.Here(request.Cache);
        List<PlannedStage> plan = [];
        foreach (PlannedStage planned in request.Plan())
        {
            string? refusal = fit.Refuse(planned.Stage, planned.Options, new StageCache(planned.Options).HasWorld);
            if (refusal is not null)
                Console.Error.WriteLine($"{(force ? "warning" : "left out")}: {refusal}{(force ? "" : "; --force runs it all the same")}");
            if (refusal is null || force)
                plan.Add(planned);
        }
        return [.. plan];
    }

    private PipelineRequest Read(ParseResult arguments)
    {
        string[] stages = Words(arguments.GetValue(_stages)), grow = Words(arguments.GetValue(_grow));
        foreach (string stage in stages)
            StageCatalog.Find(stage);
        string[] axes = [.. GrowthAxis.All(false).Select(axis => axis.Name)];
        if (grow.Except(["none"]).Except(axes).FirstOrDefault() is { } unknown)
            throw new BenchException($"there is no axis '{unknown}'", $"take {string.Join(", ", axes)} or none");
        bool quick = arguments.GetValue(_quick);
        int[] customers = quick && arguments.GetResult(_customers)?.Implicit != false ? [2000, 5000] : [.. Words(arguments.GetValue(_customers)).Select(Customers)];
        if (arguments.GetValue(_threads) < 1 || arguments.GetValue(_trees) < 1 || arguments.GetValue(_rounds) < 0)
            throw new BenchException("threads, trees and rounds must be 1 or more", "see bench pipeline --help");
        return new PipelineRequest
        {
            Customers = customers,
            Stages = stages.Length > 0 ? stages : [.. StageCatalog.Names.Where(name => name != NotByDefault)],
            Grow = grow.Contains("none") ? [] : grow,
            Rounds = arguments.GetValue(_rounds),
            Threads = arguments.GetValue(_threads),
            Trees = arguments.GetValue(_trees),
            Quick = quick,
            Cache = Path.GetFullPath(arguments.GetValue(_cache)!),
        };
    }

    private static int Customers(string text) => int.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
        ? count
        : throw new BenchException($"'{text}' is no number of customers", "such as --customers 100000,1000000");
}
