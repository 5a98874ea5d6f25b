using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Counts the histograms of one node after another: rows are dealt out to threads tile by tile, and each thread adds to tables of its own.</summary>
/// <remarks>
/// Where a row has more columns than a block, a tile's rows are brought side by side, unless they lie so, and pass all blocks while they are near. Which thread gets which tile changes no sum. Use: <see cref="Count"/>, then <see cref="Collect"/> for each bundle, in any order and from any thread.
/// Memory: for each thread 2 or 4 kB a bundle, as much again times six for nodes with more rows than a table holds, and 8 kB.
/// </remarks>
internal abstract unsafe class HistogramBuilder : IDisposable
{
    /// <summary>A builder for gradients that are <paramref name="quantised"/> or not.</summary>
    public static HistogramBuilder Create(bool quantised, BinnedMatrix matrix, WorkTeam team) =>
        quantised ? new HistogramBuilder<HistogramKernel.PackedFormat, long>(matrix, team) : new HistogramBuilder<HistogramKernel.WideFormat, Vector128<long>>(matrix, team);

    /// <summary>Counts a node.</summary>
    /// <param name="rows">[count] row ids, or null for rows 0..count-1.</param>
    /// <param name="count">Rows of the node.</param>
    /// <param name="pairs">[N] derivatives of all rows.</param>
    /// <param name="blocks">[blocks] which blocks of bundles are wanted.</param>
    public abstract void Count(int* rows, int count, GradientPair* pairs, ReadOnlyMemory<bool> blocks);

    /// <summary>Sums of the node counted last, for one bundle of a block that was wanted.</summary>
    public abstract void Collect(int bundle, BinSums sums);

    public abstract void Dispose();
}

/// <summary>The builder for one format of cells.</summary>
internal sealed unsafe class HistogramBuilder<TFormat, TCell> : HistogramBuilder where TFormat : ICellFormat<TCell> where TCell : unmanaged
{
    private const int TileRows = 1024;

    // A small node comes in smaller tiles, so that no thread waits long for the last one.
    private const int LeastTileRows = 128, TilesAThread = 4;

    // About a fifth of a nanosecond an update, for the hand-over's sake.
    private const int UpdatesANanosecond = 4;
    private readonly BinnedMatrix _matrix;
    private readonly WorkTeam _team;
    private readonly Part[] _parts;
    private int _nextTile;

    public HistogramBuilder(BinnedMatrix matrix, WorkTeam team)
    {
        _matrix = matrix;
        _team = team;
        _parts = [.. Enumerable.Range(0, team.Threads).Select(_ => new Part(matrix))];
    }

    /// <inheritdoc/>
    public override void Count(int* rows, int count, GradientPair* pairs, ReadOnlyMemory<bool> blocks)
    {
        int tileRows = _parts.Length == 1 ? TileRows : Math.Clamp(count / (TilesAThread * _parts.Length), LeastTileRows, TileRows), tiles = (count + tileRows - 1) / tileRows;
        _nextTile = 0;
        foreach (Part part in _parts)
            part.Start();
        _team.Run(Math.Min(_parts.Length, tiles), (long)count * _matrix.RowStride / UpdatesANanosecond, item =>
        {
            Part part = _parts[item];
            for (int tile; (tile = Interlocked.Increment(ref _nextTile) - 1) < tiles;)
            {
                int start = tile * tileRows;
                part.Add(rows, (start, Math.Min(tileRows, count - start), count - start), pairs, blocks.Span);
            }
        });
    }

    /// <inheritdoc/>
    public override void Collect(int bundle, BinSums sums)
    {
        bool adds = false;
        foreach (Part part in _parts)
            adds |= part.Collect(bundle, sums, adds);
        if (!adds)
            sums.All.Clear();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (Part part in _parts)
            part.Dispose();
    }

    /// <summary>The tables of one thread.</summary>
    private sealed class Part(BinnedMatrix matrix) : IDisposable
    {
        private readonly NativeBuffer<TCell> _cells = NativeBuffer<TCell>.Allocate(matrix.RowStride * HistogramKernel.TableStride);
        // Only for rows of more than one block.
        private readonly NativeBuffer<GradientPair>? _pairs = matrix.Blocks == 1 ? null : NativeBuffer<GradientPair>.Allocate(TileRows);
        private readonly NativeBuffer<byte>? _bins = matrix.Blocks == 1 ? null : NativeBuffer<byte>.Allocate(TileRows * matrix.RowStride + sizeof(ulong));
        // Only for matrices with more rows than cells take.
        private readonly NativeBuffer<long>? _sums = matrix.RowCount <= TFormat.MostRows ? null : NativeBuffer<long>.Allocate(matrix.Bundles.Length * BinSums.LongsOf(HistogramKernel.TableCells));
        private bool _hasSums;
        private int _inCells;

        public void Start() => (_hasSums, _inCells) = (false, 0);

        // A tile: rows start..start+count-1 of the node's. So many ids from its first on are known: its own and those of later tiles.
        public void Add(int* rows, (int Start, int Count, int Known) tile, GradientPair* pairs, ReadOnlySpan<bool> blocks)
        {
            (int start, int count, int known) = tile;
            if (_inCells + count > TFormat.MostRows)
                TakeOut(blocks);
            if (_inCells == 0)
                Clear(blocks);
            _inCells += count;
            if (rows == null)
            {
                AddBlocks(new RowBlock(matrix.Rows + (long)start * matrix.RowStride, 0, matrix.RowStride, pairs + start, count), blocks);
                return;
            }
            // One block reads each row once: where it lies does as well. Several would wait for its line anew.
            if (matrix.Blocks == 1)
            {
                AddBlocks(new RowBlock(matrix.Rows, 0, matrix.RowStride, pairs, count) { Rows = rows + start, RowsKnown = known }, blocks);
                return;
            }
            HistogramKernel.Gather(new ReadOnlySpan<int>(rows + start, count), matrix.Rows, matrix.RowStride, pairs, ((nint)_bins!.Pointer, (nint)_pairs!.Pointer));
            AddBlocks(new RowBlock(_bins.Pointer, 0, matrix.RowStride, _pairs.Pointer, count), blocks);
        }

        /// <summary>True when it had rows, which <paramref name="sums"/> now hold.</summary>
        public bool Collect(int bundle, BinSums sums, bool adds)
        {
            if (_hasSums)
            {
                BinSums taken = SumsOf(bundle);
                if (adds)
                    TensorPrimitives.Add<long>(sums.All, taken.All, sums.All);
                else
                    taken.All.CopyTo(sums.All);
                adds = true;
            }
            if (_inCells > 0)
                HistogramKernel.Unpack<TFormat, TCell>(CellsOf(bundle), sums, adds);
            return _hasSums || _inCells > 0;
        }

        public void Dispose()
        {
            _cells.Dispose();
            _pairs?.Dispose();
            _bins?.Dispose();
            _sums?.Dispose();
        }

        private void AddBlocks(in RowBlock rows, ReadOnlySpan<bool> blocks)
        {
            for (int block = 0; block < blocks.Length; block++)
            {
                if (!blocks[block])
                    continue;
                int first = block * matrix.BlockColumns, columns = Math.Min(matrix.RowStride - first, matrix.BlockColumns);
                var input = new RowBlock(rows.Bins + first, columns, rows.Stride, rows.Pairs, rows.Count) { Rows = rows.Rows, RowsKnown = rows.RowsKnown };
                HistogramKernel.Add<TFormat, TCell>(input, CellsOf(first));
            }
        }

        private void Clear(ReadOnlySpan<bool> blocks)
        {
            for (int block = 0; block < blocks.Length; block++)
            {
                int first = block * matrix.BlockColumns, columns = Math.Min(matrix.RowStride - first, matrix.BlockColumns);
                if (blocks[block])
                    new Span<TCell>(CellsOf(first), columns * HistogramKernel.TableStride).Clear();
            }
        }

        private void TakeOut(ReadOnlySpan<bool> blocks)
        {
            for (int bundle = 0; bundle < matrix.Bundles.Length; bundle++)
            {
                if (blocks[bundle / matrix.BlockColumns])
                    HistogramKernel.Unpack<TFormat, TCell>(CellsOf(bundle), SumsOf(bundle), _hasSums);
            }
            (_hasSums, _inCells) = (true, 0);
        }

        private TCell* CellsOf(int bundle) => _cells.Pointer + bundle * HistogramKernel.TableStride;

        private BinSums SumsOf(int bundle) => new(_sums!.Pointer + bundle * BinSums.LongsOf(HistogramKernel.TableCells), matrix.Bundles[bundle].Codes);
    }
}
