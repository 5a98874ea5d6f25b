using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Parting the rows of a leaf. One operation is one row.</summary>
public unsafe class PartitionKernelBenchmark : IDisposable, IKernelBenchmark
{
    // Too many rows for a branch predictor to know them by heart from the last call.
    private const int ColumnRows = 1 << 20, LeafRows = 1 << 17;
    private readonly NativeBuffer<byte> _column = NativeBuffer<byte>.Allocate(ColumnRows);
    private readonly int[] _rows = new int[LeafRows];
    private readonly int[] _parted = new int[LeafRows];
    private BinSet _leftBins;

    /// <summary>Share of the rows that go left, in percent: half is what a branch predictor likes least.</summary>
    [Params(5, 50)]
    public int LeftPercent { get; set; }

    int IKernelBenchmark.RowsPerCall => LeafRows;

    // A row id and a bin are read, a row id is written; a leaf and its column lie in the third-level cache.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L3, allCores: false), 9);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        random.NextBytes(_column.Span);
        for (int i = 0; i < LeafRows; i++)
            _rows[i] = i * (ColumnRows / LeafRows) + random.Next(ColumnRows / LeafRows);
        _leftBins = BinSet.UpTo(LeftPercent * 256 / 100 - 1);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = LeafRows)]
    public int Scalar() => PartitionKernel.Scalar(_rows, _column.Pointer, _leftBins, _parted);

    [Benchmark(OperationsPerInvoke = LeafRows)]
    public int Run() => PartitionKernel.Run(_rows, _column.Pointer, _leftBins, _parted);

    [GlobalCleanup]
    public void Dispose()
    {
        _column.Dispose();
        GC.SuppressFinalize(this);
    }
}
