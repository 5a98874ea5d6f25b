using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Values of a categorical feature to codes. One operation is one value.</summary>
public unsafe class CategoryCodeKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows;
    private readonly NativeBuffer<float> _values = NativeBuffer<float>.Allocate(Count);
    private readonly NativeBuffer<byte> _codes = NativeBuffer<byte>.Allocate(Count);

    int IKernelBenchmark.RowsPerCall => Count;

    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), sizeof(float) + 1);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        foreach (ref float value in _values.Span)
            value = random.Next(50) == 0 ? float.NaN : random.Next(40);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => CategoryCodeKernel.Scalar(_values.Pointer, _codes.Pointer, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => CategoryCodeKernel.Run(_values.Pointer, _codes.Pointer, Count);

    [GlobalCleanup]
    public void Dispose()
    {
        _values.Dispose();
        _codes.Dispose();
        GC.SuppressFinalize(this);
    }
}
