using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>The best threshold of a feature, and the sums on its left. One operation is one bin.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class SplitScanKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Bins = 254;
    private readonly NativeBuffer<long> _sums = NativeBuffer<long>.AllocateZeroed(BinSums.LongsOf(Bins));
    private readonly GainRule _rule = new(new BoosterOptions(), 1e-4, 1e-3);
    private GradientSums _node;

    int IKernelBenchmark.RowsPerCall => Bins;

    // Three sums of a bin are read. Divisions bind more.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), 24);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        BinSums histogram = Histogram;
        for (int bin = 0; bin < Bins; bin++)
        {
            histogram[bin] = new GradientSums(random.Next(-4000, 5000), random.Next(1000), random.Next(1, 200));
            _node += histogram[bin];
        }
    }

    [BenchmarkCategory("scan"), Benchmark(Baseline = true, OperationsPerInvoke = Bins)]
    public int Scalar()
    {
        double score = 0;
        return SplitScanKernel.Scalar(Histogram, Bins - 1, default, _node, _rule, ref score);
    }

    [BenchmarkCategory("scan"), Benchmark(OperationsPerInvoke = Bins)]
    public int Run()
    {
        double score = 0;
        return SplitScanKernel.Run(Histogram, Bins - 1, default, _node, _rule, ref score);
    }

    [BenchmarkCategory("sum"), Benchmark(Baseline = true, OperationsPerInvoke = Bins)]
    public int SumScalar() => (int)SplitScanKernel.SumScalar(Histogram, Bins - 1).Rows;

    [BenchmarkCategory("sum"), Benchmark(OperationsPerInvoke = Bins)]
    public int Sum() => (int)SplitScanKernel.Sum(Histogram, Bins - 1).Rows;

    private BinSums Histogram => new(_sums.Pointer, Bins);

    [GlobalCleanup]
    public void Dispose()
    {
        _sums.Dispose();
        GC.SuppressFinalize(this);
    }
}
