using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Patterns of one leaf to the sums of one feature. One operation is one row.</summary>
public unsafe class WideValueKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Count = BlockLayout.Rows;
    private readonly NativeBuffer<byte> _patterns = NativeBuffer<byte>.Allocate(Count);
    private readonly NativeBuffer<double> _table = NativeBuffer<double>.Allocate(WideValueKernel.TableLength(256));
    private readonly NativeBuffer<double> _sums = NativeBuffer<double>.AllocateZeroed(Count);

    /// <summary>Patterns of seven or eight bits.</summary>
    [Params(128, 256)]
    public int Patterns { get; set; }

    int IKernelBenchmark.RowsPerCall => Count;

    // A pattern is read, a sum read and written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), 1 + 2 * sizeof(double));

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        foreach (ref byte pattern in _patterns.Span)
            pattern = (byte)random.Next(Patterns);
        WideValueKernel.Lay([.. Enumerable.Range(0, Patterns).Select(_ => random.NextDouble() - 0.5)], _table.Span[..WideValueKernel.TableLength(Patterns)]);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => WideValueKernel.Scalar(_patterns.Pointer, _table.Pointer, _sums.Pointer, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => WideValueKernel.Run(_patterns.Pointer, _table.Pointer, Patterns == 256, _sums.Pointer, Count);

    [GlobalCleanup]
    public void Dispose()
    {
        _patterns.Dispose();
        _table.Dispose();
        _sums.Dispose();
        GC.SuppressFinalize(this);
    }
}
