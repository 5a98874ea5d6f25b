using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Rounding derivatives at random, and laying them side by side before. One operation is one row: a gradient and a hessian.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class FixedPointKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = 1 << 14;
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.AllocateZeroed(Count);
    private readonly float[] _gradients = new float[Count];
    private readonly float[] _hessians = new float[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    // In place: 8 bytes are read and written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 8);

    // What the last call left is read as floats by the next: whatever they are, they take as long.
    [BenchmarkCategory("round"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => FixedPointKernel.Scalar(_pairs.Pointer, Count, 0, 1, 1, 7);

    [BenchmarkCategory("round"), Benchmark(OperationsPerInvoke = Count)]
    public void Run() => FixedPointKernel.Run(_pairs.Pointer, Count, 0, 1, 1, 7);

    [BenchmarkCategory("pair"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void PairScalar() => FixedPointKernel.PairScalar(_gradients, _hessians, _pairs.Pointer);

    [BenchmarkCategory("pair"), Benchmark(OperationsPerInvoke = Count)]
    public void Pair() => FixedPointKernel.Pair(_gradients, _hessians, _pairs.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        _pairs.Dispose();
        GC.SuppressFinalize(this);
    }
}
