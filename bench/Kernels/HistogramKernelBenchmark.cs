using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Sums of gradients by bin. One operation is one row.</summary>
public unsafe class HistogramKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int RowCount = 1 << 18;
    private readonly NativeBuffer<byte> _column = NativeBuffer<byte>.Allocate(RowCount);
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.Allocate(RowCount);
    private readonly NativeBuffer<int> _rows = NativeBuffer<int>.Allocate(RowCount / 8);
    private readonly GradientSums[] _sums = new GradientSums[256];

    /// <summary>Bins of the column; 2 is a flag such as most churn tables have.</summary>
    [Params(2, 255)]
    public int Bins { get; set; }

    /// <summary>False: consecutive rows, as at the root; true: one of every eight, as in a small leaf.</summary>
    [Params(false, true)]
    public bool AtRandom { get; set; }

    int IKernelBenchmark.RowsPerCall => RowCount / 8;

    // One update of one bin: stores bind, not memory.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.ScatterAdd, MachineLimit.L1, allCores: false), 1);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int row = 0; row < RowCount; row++)
        {
            _column[row] = (byte)random.Next(Bins);
            _pairs[row] = new GradientPair(random.Next(-1 << 20, 1 << 20), random.Next(1 << 20));
        }
        for (int i = 0; i < RowCount / 8; i++)
            _rows[i] = i * 8 + random.Next(8);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RowCount / 8)]
    public void Scalar() => HistogramKernel.Scalar(Input, _sums);

    [Benchmark(OperationsPerInvoke = RowCount / 8)]
    public void Run() => HistogramKernel.Run(Input, _sums);

    private NodeColumn Input => new(_column.Pointer, AtRandom ? _rows.Pointer : null, _pairs.Pointer, RowCount / 8);

    [GlobalCleanup]
    public void Dispose()
    {
        _column.Dispose();
        _pairs.Dispose();
        _rows.Dispose();
        GC.SuppressFinalize(this);
    }
}
