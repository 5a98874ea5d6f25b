using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>Holds this build against bench/budgets.json.</summary>
internal sealed class BudgetGuard(GuardSettings settings, MachineLimits limits, CancellationToken cancellation)
{
    private const int KernelRounds = 15;

    /// <summary>More processes than this, a core, wanted to run: the clock on the wall tells of them too.</summary>
    private const double BusyLoad = 0.5;

    // Some processes run a kernel at two thirds of its speed for all their life.
    private const int KernelLaunches = 3;
    private readonly string _instructionSet = MachineInfo.WidestSet();

    private const double AllocationRoom = 1.25, RatioRoom = 1.3, ShareRoom = 0.6;
    private const long AllocationRoomBytes = 65_536;

    /// <summary>Checks every stage and kernel.</summary>
    /// <param name="budgets">What they may cost.</param>
    /// <param name="allocationsOnly">True: ratios and shares are shown, and only allocations count.</param>
    /// <returns>0, or 1 when something is over its budget.</returns>
    public int Check(Budgets budgets, bool allocationsOnly)
    {
        double load = MachineInfo.LoadAverage() ?? 0;
        bool busy = load > BusyLoad * Environment.ProcessorCount;
        List<BudgetFinding> findings = [];
        foreach (string stage in settings.Stages)
            findings.AddRange(Confirm(times => BudgetFinding.Of(Measure(stage, times), budgets.Stages.GetValueOrDefault(stage), limits, _instructionSet), allocationsOnly || busy));
        int launches = allocationsOnly ? 1 : KernelLaunches;
        foreach (KernelTiming kernel in MeasureKernels(null, launches).Select(Middle))
        {
            Budget? budget = budgets.Kernels.GetValueOrDefault(kernel.Name);
            findings.AddRange(Confirm(times => BudgetFinding.Of(times == 1 ? kernel : Middle(MeasureKernels(kernel.Name, times * launches)[0]), budget, limits, _instructionSet), allocationsOnly));
        }
        BudgetFinding[] over = [.. findings.Where(finding => finding.IsOver && (finding.Cost == BudgetFinding.Allocated || !allocationsOnly && !(busy && settings.Stages.Contains(finding.Subject))))];
        Print(findings, over, allocationsOnly);
        if (!budgets.InstructionSets.Contains(_instructionSet))
            BenchConsole.Out.WriteLine($"no budget of time is written for {_instructionSet}, only for {string.Join(", ", budgets.InstructionSets)}: ratios and shares are told and do not count; `bench guard --write` writes this machine's beside them");
        if (busy && !allocationsOnly)
            BenchConsole.Out.WriteLine($"load {load:F1} on {Environment.ProcessorCount} cores: a stage's share of the limit is told and does not count");
        return over.Length > 0 ? 1 : 0;
    }

    /// <summary>Budgets with some room over what is measured now.</summary>
    /// <param name="before">Budgets that stand: those of other instruction sets are kept.</param>
    /// <param name="stagesOnly">True: those of the settings' stages alone are written, and all others stand.</param>
    public Budgets Write(Budgets? before, bool stagesOnly)
    {
        Budgets budgets = stagesOnly && before is not null ? before : new Budgets { Customers = settings.Customers, Threads = settings.Threads, Stages = new(StringComparer.Ordinal), Kernels = new(StringComparer.Ordinal) };
        foreach (string stage in settings.Stages)
        {
            StageOutcome outcome = Measure(stage, 1);
            double share = limits.Share(new LimitedWork(outcome.Limit, outcome.LimitUnits), Sample.Median([.. outcome.Seconds])) ?? 0;
            var measured = new Budget { AllocatedBytes = RoomFor(outcome.AllocatedBytes), Speed = { [_instructionSet] = new SpeedBudget { LimitShare = Round(share * ShareRoom) } } };
            budgets.Stages[stage] = Budgets.Joined(measured, before?.Stages.GetValueOrDefault(stage));
        }
        foreach (KernelTiming kernel in stagesOnly ? [] : MeasureKernels(null, KernelLaunches).Select(launches => launches[^1]))
        {
            var measured = new Budget
            {
                // A kernel allocates nothing, and a ceiling of nothing has no room.
                AllocatedBytes = kernel.AllocatedPerCall < 1 ? 0 : RoomFor((long)kernel.AllocatedPerCall),
                Speed =
                {
                    [_instructionSet] = new SpeedBudget
                    {
                        Ratio = Round(kernel.Ratio.Value * RatioRoom),
                        LimitShare = Round((limits.Share(kernel.WorkPerRow, kernel.SecondsPerRow) ?? 0) * ShareRoom),
                    },
                },
            };
            budgets.Kernels[kernel.Name] = Budgets.Joined(measured, before?.Kernels.GetValueOrDefault(kernel.Name));
        }
        return budgets;
    }

    // What is over its budget is measured once more, twice as often, before it counts.
    private static IEnumerable<BudgetFinding> Confirm(Func<int, IEnumerable<BudgetFinding>> measure, bool allocationsOnly)
    {
        BudgetFinding[] first = [.. measure(1)];
        if (!first.Any(finding => finding.IsOver && (!allocationsOnly || finding.Cost == BudgetFinding.Allocated)))
            return first;
        BudgetFinding[] again = [.. measure(2)];
        return again.Zip(first, (later, earlier) => later with { IsOver = later.IsOver && earlier.IsOver });
    }

    private StageOutcome Measure(string stage, int times)
    {
        cancellation.ThrowIfCancellationRequested();
        Console.Error.WriteLine($"measuring {stage}");
        return StageProcess.Measure(settings.Options(stage) with { Rounds = times * settings.Rounds }, GuardSettings.Switches);
    }

    // [kernel][launch], the best ratio first.
    private KernelTiming[][] MeasureKernels(string? name, int launches)
    {
        var runs = new List<IReadOnlyList<KernelTiming>>();
        for (int launch = 0; launch < launches; launch++)
        {
            cancellation.ThrowIfCancellationRequested();
            Console.Error.WriteLine($"measuring {name ?? "kernels"}");
            runs.Add(KernelTimer.MeasureApart(KernelRounds, name));
        }
        return [.. runs[0].Select((_, kernel) => runs.Select(run => run[kernel]).OrderBy(timing => timing.Ratio.Value).ToArray())];
    }

    private static KernelTiming Middle(KernelTiming[] launches) => launches[(launches.Length - 1) / 2];

    private static void Print(List<BudgetFinding> findings, BudgetFinding[] over, bool allocationsOnly)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("stage or kernel");
        foreach (string heading in new[] { BudgetFinding.Allocated, "at most", BudgetFinding.Ratio, "at most", BudgetFinding.Share, "at least" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (IGrouping<string, BudgetFinding> subject in findings.GroupBy(finding => finding.Subject))
        {
            IEnumerable<string> cells = new[] { BudgetFinding.Allocated, BudgetFinding.Ratio, BudgetFinding.Share }
                .Select(cost => subject.FirstOrDefault(finding => finding.Cost == cost)).SelectMany(finding => new[] { finding is { IsOver: true } ? $"{finding.Measured} !" : finding?.Measured ?? "", finding?.Allowed ?? "" });
            table.AddRow([subject.Key, .. cells]);
        }
        BenchConsole.Out.Write(table);
        if (allocationsOnly)
            BenchConsole.Out.WriteLine("short form: only allocations count; ratios and shares marked ! lie outside their budget and are told, no more");
        foreach (BudgetFinding finding in over)
            BenchConsole.Out.WriteLine($"over budget: {finding.Subject}: {finding.Cost} {finding.Measured}, budget {finding.Allowed}");
        if (over.Length == 0)
            BenchConsole.Out.WriteLine("within budget");
    }

    private static long RoomFor(long bytes)
    {
        double roomy = Math.Max(bytes * AllocationRoom, bytes + AllocationRoomBytes);
        return (long)(Math.Ceiling(roomy / 10_000) * 10_000);
    }

    private static double Round(double value) => double.Parse(value.ToString("G2", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
