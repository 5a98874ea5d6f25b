using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Rounding derivatives at random. One operation is one row: a gradient and a hessian.</summary>
public unsafe class FixedPointKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = 1 << 14;
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.AllocateZeroed(Count);

    int IKernelBenchmark.RowsPerCall => Count;

    // In place: 8 bytes are read and written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 8);

    // What the last call left is read as floats by the next: whatever they are, they take as long.
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => FixedPointKernel.Scalar(_pairs.Pointer, Count, 0, 1, 1, 7);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => FixedPointKernel.Run(_pairs.Pointer, Count, 0, 1, 1, 7);

    [GlobalCleanup]
    public void Dispose()
    {
        _pairs.Dispose();
        GC.SuppressFinalize(this);
    }
}
