using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Sums of quantised gradients by code, 24 columns at once, taken out of the cells as after a node, of rows side by side and of rows that lie apart; and the gathering of these. One operation is one update: a row and column.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class HistogramKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int RowCount = 1 << 16;
    private const int NodeRows = RowCount / 8 - 1;
    private const int Columns = 24;
    private const int Updates = NodeRows * Columns;

    // Only rows of more than one block are gathered, so these are of four; as many bytes as the sums read.
    private const int WideColumns = 124, WideRows = NodeRows * Columns / WideColumns, WideGap = RowCount / WideRows;
    private readonly NativeBuffer<byte> _wideBins = NativeBuffer<byte>.Allocate(RowCount * WideColumns + sizeof(ulong));
    private readonly int[] _wideRows = new int[WideRows];
    private readonly NativeBuffer<byte> _bins = NativeBuffer<byte>.Allocate(RowCount * Columns);
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.Allocate(RowCount);
    private readonly NativeBuffer<GradientPair> _gatheredPairs = NativeBuffer<GradientPair>.Allocate(NodeRows);
    private readonly NativeBuffer<byte> _gatheredBins = NativeBuffer<byte>.Allocate(NodeRows * Columns + sizeof(ulong));
    private readonly NativeBuffer<int> _rows = NativeBuffer<int>.Allocate(NodeRows);
    private readonly NativeBuffer<long> _cells = NativeBuffer<long>.AllocateZeroed(Columns * HistogramKernel.TableStride);
    private readonly NativeBuffer<long> _sums = NativeBuffer<long>.Allocate(BinSums.LongsOf(HistogramKernel.TableCells));
    private readonly GradientSums[] _scalarSums = new GradientSums[Columns * HistogramKernel.TableCells];

    /// <summary>Bins of each feature; 2 is a flag such as most churn tables have.</summary>
    [Params(2, 255)]
    public int Bins { get; set; }

    int IKernelBenchmark.RowsPerCall => Updates;

    // One update of one bin: stores bind, not memory.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.ScatterAdd, MachineLimit.L1, allCores: false), 1);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int row = 0; row < RowCount; row++)
        {
            for (int column = 0; column < Columns; column++)
                _bins[(row * Columns) + column] = (byte)random.Next(Bins);
            _pairs[row] = new GradientPair(random.Next(-1 << 13, 1 << 13), random.Next(1 << 10));
        }
        for (int i = 0; i < NodeRows; i++)
            _rows[i] = i * 8 + random.Next(8);
        random.NextBytes(_wideBins.Span);
        for (int i = 0; i < WideRows; i++)
            _wideRows[i] = i * WideGap + random.Next(WideGap);
    }

    [BenchmarkCategory("sums"), Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void Scalar() => HistogramKernel.Scalar(Input, _scalarSums);

    [BenchmarkCategory("sums"), Benchmark(OperationsPerInvoke = Updates)]
    public void Add()
    {
        _cells.Span.Clear();
        HistogramKernel.Add<HistogramKernel.PackedFormat, long>(Input, _cells.Pointer);
        for (int column = 0; column < Columns; column++)
            HistogramKernel.Unpack<HistogramKernel.PackedFormat, long>(_cells.Pointer + column * HistogramKernel.TableStride, new BinSums(_sums.Pointer, Bins), adds: false);
    }

    [BenchmarkCategory("sums-apart"), Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void ScalarApart() => HistogramKernel.Scalar(InputApart, _scalarSums);

    [BenchmarkCategory("sums-apart"), Benchmark(OperationsPerInvoke = Updates)]
    public void AddApart()
    {
        _cells.Span.Clear();
        HistogramKernel.Add<HistogramKernel.PackedFormat, long>(InputApart, _cells.Pointer);
        for (int column = 0; column < Columns; column++)
            HistogramKernel.Unpack<HistogramKernel.PackedFormat, long>(_cells.Pointer + column * HistogramKernel.TableStride, new BinSums(_sums.Pointer, Bins), adds: false);
    }

    [BenchmarkCategory("gather"), Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void GatherScalar() => HistogramKernel.GatherScalar(_wideRows, _wideBins.Pointer, WideColumns, _pairs.Pointer, Gathered);

    [BenchmarkCategory("gather"), Benchmark(OperationsPerInvoke = Updates)]
    public void Gather() => HistogramKernel.Gather(_wideRows, _wideBins.Pointer, WideColumns, _pairs.Pointer, Gathered);

    private RowBlock Input => new(_bins.Pointer, Columns, Columns, _pairs.Pointer, NodeRows);

    private RowBlock InputApart => new(_bins.Pointer, Columns, Columns, _pairs.Pointer, NodeRows) { Rows = _rows.Pointer, RowsKnown = NodeRows };

    private (nint, nint) Gathered => ((nint)_gatheredBins.Pointer, (nint)_gatheredPairs.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        _bins.Dispose();
        _wideBins.Dispose();
        _pairs.Dispose();
        _gatheredPairs.Dispose();
        _gatheredBins.Dispose();
        _rows.Dispose();
        _cells.Dispose();
        _sums.Dispose();
        GC.SuppressFinalize(this);
    }
}
