using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Category codes to left or right at one node. One operation is one row.</summary>
public unsafe class CodeLookupKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows;
    private readonly NativeBuffer<byte> _codes = NativeBuffer<byte>.Allocate(Count);
    private readonly NativeBuffer<byte> _table = NativeBuffer<byte>.Allocate(CodeLookupKernel.TableLength);
    private readonly NativeBuffer<byte> _target = NativeBuffer<byte>.Allocate(Count);

    int IKernelBenchmark.RowsPerCall => Count;

    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), 2);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        random.NextBytes(_codes.Span);
        random.NextBytes(_table.Span);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => CodeLookupKernel.Scalar(_codes.Pointer, _table.Pointer, _target.Pointer, Count, merges: false);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => CodeLookupKernel.Run(_codes.Pointer, _table.Pointer, _target.Pointer, Count, merges: false);

    [GlobalCleanup]
    public void Dispose()
    {
        _codes.Dispose();
        _table.Dispose();
        _target.Dispose();
        GC.SuppressFinalize(this);
    }
}
