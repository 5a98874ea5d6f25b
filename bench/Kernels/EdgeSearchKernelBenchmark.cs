using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Values to bins. One operation is one value.</summary>
public unsafe class EdgeSearchKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = 1 << 12, Stride = 4;
    private readonly NativeBuffer<float> _values = NativeBuffer<float>.Allocate(Count * Stride);
    private readonly float[] _edges = EdgeSearchKernel.Lay([.. Enumerable.Range(1, 254).Select(edge => edge / 255f), float.PositiveInfinity]);
    private readonly byte[] _bins = new byte[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    // A value is read and a bin written; comparisons bind more.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 5);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        foreach (ref float value in _values.Span)
            value = random.NextSingle();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => EdgeSearchKernel.Scalar(_values.Pointer, Stride, _edges, 255, _bins);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => EdgeSearchKernel.Run(_values.Pointer, Stride, _edges, 255, _bins);

    [GlobalCleanup]
    public void Dispose()
    {
        _values.Dispose();
        GC.SuppressFinalize(this);
    }
}
