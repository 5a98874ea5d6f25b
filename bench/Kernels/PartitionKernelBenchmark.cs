using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Parting the rows of a leaf: marking those that go left, and moving them. One operation is one row.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class PartitionKernelBenchmark : IDisposable, IKernelBenchmark
{
    // Too many rows for a branch predictor to know them by heart from the last call.
    private const int ColumnRows = 1 << 20, LeafRows = 1 << 17;
    private readonly NativeBuffer<byte> _column = NativeBuffer<byte>.Allocate(ColumnRows);
    private readonly int[] _rows = new int[LeafRows];
    private readonly int[] _parted = new int[LeafRows];
    private readonly ushort[] _marks = new ushort[PartitionKernel.MarksOf(LeafRows)];
    private BinSet _leftBins;
    private int _lefts;

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
        _lefts = PartitionKernel.MarkScalar(_rows, _column.Pointer, _leftBins, _marks);
    }

    [BenchmarkCategory("mark"), Benchmark(Baseline = true, OperationsPerInvoke = LeafRows)]
    public int MarkScalar() => PartitionKernel.MarkScalar(_rows, _column.Pointer, _leftBins, _marks);

    [BenchmarkCategory("mark"), Benchmark(OperationsPerInvoke = LeafRows)]
    public int Mark() => PartitionKernel.Mark(_rows, _column.Pointer, _leftBins, _marks);

    [BenchmarkCategory("move"), Benchmark(Baseline = true, OperationsPerInvoke = LeafRows)]
    public void Scalar() => PartitionKernel.Scalar(_rows, _marks, _parted.AsSpan(0, _lefts), _parted.AsSpan(_lefts));

    [BenchmarkCategory("move"), Benchmark(OperationsPerInvoke = LeafRows)]
    public void Move() => PartitionKernel.Move(_rows, _marks, _parted.AsSpan(0, _lefts), _parted.AsSpan(_lefts));

    [GlobalCleanup]
    public void Dispose()
    {
        _column.Dispose();
        GC.SuppressFinalize(this);
    }
}
