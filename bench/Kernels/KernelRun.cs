using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Perfolizer.Mathematics.Common;

namespace ChurnEngine.Bench;

/// <summary>Runs the kernel benchmarks with BenchmarkDotNet in this process and turns its reports into results.</summary>
internal static class KernelRun
{
    /// <param name="filter">Which benchmarks, as BenchmarkDotNet spells it.</param>
    /// <param name="quick">Short runs.</param>
    public static SuiteRun Run(string filter, bool quick)
    {
        SuiteRun run = SuiteRun.Start("kernels", quick);
        string tier = MachineInfo.WidestSet();
        Directory.CreateDirectory(SourceTree.ResultFolder);
        using var log = new StreamWriter(Path.Combine(SourceTree.ResultFolder, $"kernels-{tier}.log"));
        // In process: the benchmark sees the very assemblies that were built, wherever their outputs lie.
        Job job = (quick ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithIterationTime(TimeInterval.FromMilliseconds(200)).WithToolchain(InProcessEmitToolchain.Instance);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(new StreamLogger(log)).AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default).AddEventProcessor(new Progress(tier)).WithArtifactsPath(SourceTree.ResultFolder);
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(KernelRun).Assembly).Run(["--filter", filter], config)];
        BenchmarkReport[] reports = [.. summaries.SelectMany(summary => summary.Reports)];
        if (reports.Length == 0)
            throw new BenchException($"no benchmark matches '{filter}'", $"kernels are {string.Join(", ", KernelCase.All.Select(one => one.Name).Distinct())}; a filter looks like '*Histogram*'");
        return run with { Entries = [.. KernelCase.All.Select(one => Entry(one, reports, tier)).OfType<ResultEntry>()] };
    }

    private static ResultEntry? Entry(KernelCase one, BenchmarkReport[] reports, string tier)
    {
        if (Find(one, one.Fast.Name, reports) is not { } fast || Find(one, one.Scalar.Name, reports) is not { } scalar)
            return null;
        IKernelBenchmark opened = one.Open();
        (int rows, LimitedWork work) = (opened.RowsPerCall, opened.WorkPerRow);
        (opened as IDisposable)?.Dispose();
        ConfidenceInterval time = Interval95(fast), baseline = Interval95(scalar);
        // BenchmarkDotNet speaks of operations, of which a call has one or as many as rows.
        double perRow = fast.BenchmarkCase.Descriptor.OperationsPerInvoke / (double)rows;
        SortedDictionary<string, string> parameters = one.Parameters;
        parameters["tier"] = tier;
        return new ResultEntry
        {
            Name = one.Name,
            Parameters = parameters,
            Unit = "ns/row",
            Value = Round(fast.ResultStatistics!.Median * perRow),
            Interval = new Interval(Round(time.Lower * perRow), Round(time.Upper * perRow)),
            Baseline = "scalar",
            Ratio = Round(fast.ResultStatistics.Median / scalar.ResultStatistics!.Median),
            // The two were not measured by turns, so each may lie anywhere in its interval.
            RatioInterval = new Interval(Round(time.Lower / baseline.Upper), Round(time.Upper / baseline.Lower)),
            Rows = rows,
            Seconds = fast.ResultStatistics.Median * perRow * rows * 1e-9,
            BytesMoved = MachineLimit.IsInBytes(work.Limit) ? work.Units * rows : null,
            Limit = work.Limit,
            AllocatedBytes = AllocatedACall(fast),
        };
    }

    private static long AllocatedACall(BenchmarkReport report) =>
        (report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: true) ?? 0) / Math.Max(1, report.GcStats.TotalOperations / report.BenchmarkCase.Descriptor.OperationsPerInvoke);

    private static BenchmarkReport? Find(KernelCase one, string method, BenchmarkReport[] reports) =>
        reports.FirstOrDefault(report => report.ResultStatistics is not null && report.BenchmarkCase.Descriptor.Type == one.Benchmark && report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method
            && one.Settings.All(setting => report.BenchmarkCase.Parameters[setting.Property.Name]?.Equals(setting.Value) == true));

    private static ConfidenceInterval Interval95(BenchmarkReport report) => report.ResultStatistics!.GetConfidenceInterval(ConfidenceLevel.L95);

    private static double Round(double value) => double.Parse(value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Progress(string tier) : EventProcessor
    {
        public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report) =>
            Console.Error.WriteLine($"{tier}: {benchmarkCase.Descriptor.Type.Name}.{benchmarkCase.Descriptor.WorkloadMethod.Name} {benchmarkCase.Parameters.DisplayInfo}");
    }
}
