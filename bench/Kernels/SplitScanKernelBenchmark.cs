using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>The best threshold of a feature. One operation is one bin.</summary>
public unsafe class SplitScanKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Bins = 254;
    private readonly NativeBuffer<long> _below = NativeBuffer<long>.AllocateZeroed(BinSums.LongsOf(Bins));
    private readonly GainRule _rule = new(new BoosterOptions(), 1e-4, 1e-3);
    private GradientSums _node;

    int IKernelBenchmark.RowsPerCall => Bins;

    // Three running sums of a bin are read. Divisions bind more.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), 24);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        BinSums below = Below;
        for (int bin = 0; bin < Bins; bin++)
        {
            _node += new GradientSums(random.Next(-4000, 5000), random.Next(1000), random.Next(1, 200));
            below[bin] = _node;
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Bins)]
    public int Scalar()
    {
        double score = 0;
        return SplitScanKernel.Scalar(Below, Bins - 1, default, _node, _rule, ref score);
    }

    [Benchmark(OperationsPerInvoke = Bins)]
    public int Run()
    {
        double score = 0;
        return SplitScanKernel.Run(Below, Bins - 1, default, _node, _rule, ref score);
    }

    private BinSums Below => new(_below.Pointer, Bins);

    [GlobalCleanup]
    public void Dispose()
    {
        _below.Dispose();
        GC.SuppressFinalize(this);
    }
}
