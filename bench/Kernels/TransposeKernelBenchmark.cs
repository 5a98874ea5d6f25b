using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Four features of a block of rows to columns. One operation is one row.</summary>
public unsafe class TransposeKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows, Stride = 30;
    private readonly NativeBuffer<float> _rows = NativeBuffer<float>.AllocateZeroed(Count * Stride);
    private readonly NativeBuffer<float> _columns = NativeBuffer<float>.Allocate(Count * TransposeKernel.Features);

    int IKernelBenchmark.RowsPerCall => Count;

    // Four floats are read and written; the rows lie apart, so the block is beyond the first-level cache.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 2 * TransposeKernel.Features * sizeof(float));

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => TransposeKernel.Scalar(_rows.Pointer, Stride, Count, _columns.Pointer);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => TransposeKernel.Run(_rows.Pointer, Stride, Count, _columns.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
        GC.SuppressFinalize(this);
    }
}
