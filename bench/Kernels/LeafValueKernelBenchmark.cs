using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Exit leaves of one tree to margins. One operation is one row.</summary>
public unsafe class LeafValueKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows, Leaves = 31;
    private readonly NativeBuffer<byte> _leaves = NativeBuffer<byte>.Allocate(Count);
    private readonly NativeBuffer<double> _table = NativeBuffer<double>.Allocate(LeafValueKernel.TableLength);
    private readonly NativeBuffer<double> _margins = NativeBuffer<double>.AllocateZeroed(Count);

    int IKernelBenchmark.RowsPerCall => Count;

    // A leaf is read, a margin read and written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), 1 + 2 * sizeof(double));

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        foreach (ref byte leaf in _leaves.Span)
            leaf = (byte)random.Next(Leaves);
        LeafValueKernel.Lay([.. Enumerable.Range(0, Leaves).Select(_ => random.NextDouble() - 0.5)], _table.Span);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => LeafValueKernel.Scalar(_leaves.Pointer, _table.Pointer, _margins.Pointer, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => LeafValueKernel.Run(_leaves.Pointer, _table.Pointer, _margins.Pointer, Count);

    [GlobalCleanup]
    public void Dispose()
    {
        _leaves.Dispose();
        _table.Dispose();
        _margins.Dispose();
        GC.SuppressFinalize(this);
    }
}
