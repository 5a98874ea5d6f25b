using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Values of a feature to the codes that its tests compare. One operation is one value.</summary>
public unsafe class ThresholdCountKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows;
    private readonly NativeBuffer<float> _values = NativeBuffer<float>.Allocate(Count);
    private readonly NativeBuffer<float> _table = NativeBuffer<float>.Allocate(ThresholdCountKernel.TableLength);
    private readonly NativeBuffer<sbyte> _codes = NativeBuffer<sbyte>.Allocate(2 * Count);

    /// <summary>Distinct thresholds of the feature in the model: up to 31 are found in two registers.</summary>
    [Params(20, 250)]
    public int Thresholds { get; set; }

    int IKernelBenchmark.RowsPerCall => Count;

    // A float is read and two codes written; comparisons bind more.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), sizeof(float) + 2);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        foreach (ref float value in _values.Span)
            value = random.Next(50) == 0 ? float.NaN : random.NextSingle();
        ThresholdCountKernel.Lay([.. Enumerable.Range(0, Thresholds).Select(i => (i + 0.5f) / Thresholds)], _table.Span);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => ThresholdCountKernel.Scalar(_values.Pointer, _table.Pointer, Thresholds, Targets, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => ThresholdCountKernel.Run(_values.Pointer, _table.Pointer, Thresholds, Targets, Count);

    private CodeTargets Targets => new(_codes.Pointer, _codes.Pointer + Count);

    [GlobalCleanup]
    public void Dispose()
    {
        _values.Dispose();
        _table.Dispose();
        _codes.Dispose();
        GC.SuppressFinalize(this);
    }
}
