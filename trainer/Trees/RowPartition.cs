using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Where the rows of a leaf lie.</summary>
/// <param name="Start">First position.</param>
/// <param name="Count">Rows.</param>
/// <param name="Side">Which of the two lists of a <see cref="RowPartition"/> holds them: 0 or 1.</param>
internal readonly record struct RowRange(int Start, int Count, int Side);

/// <summary>The rows of a tree, grouped by leaf, ascending within a leaf.</summary>
/// <remarks>
/// There are two lists; splitting a leaf moves its rows to the same range of the other list, and touches no other range:
/// <code>
///   list 0: | leaf 0: 3 7 8 | leaf 2: 0 1 4 9 |               |      split leaf 2 (0 and 9 go left):      | leaf 0: 3 7 8 |               |               |
///   list 1: |               |                 | leaf 1: 2 5 6 |                                           |               | 0 9 | 3: 1 4    | leaf 1: 2 5 6 |
/// </code>
/// Memory: 8 bytes and a bit a row.
/// </remarks>
internal sealed unsafe class RowPartition(int rowCount, WorkTeam team) : IDisposable
{
    // A leaf of some ten thousand rows, the most frequent kind, is still parted by all threads.
    private const int SplitRows = 4096;
    private readonly NativeBuffer<int> _rows = NativeBuffer<int>.Allocate(rowCount);
    private readonly NativeBuffer<int> _others = NativeBuffer<int>.Allocate(rowCount);
    private readonly ushort[] _marks = new ushort[(rowCount + SplitRows - 1) / SplitRows * PartitionKernel.MarksOf(SplitRows)];
    private readonly int[] _lefts = new int[(rowCount + SplitRows - 1) / SplitRows + 1];

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    /// <summary>All rows in use as one leaf, as <see cref="TakeAll"/> and <see cref="TakeSome"/> leave them.</summary>
    public RowRange All => new(0, Count, 0);

    /// <summary>Puts every row into one leaf, in order.</summary>
    public void TakeAll()
    {
        Count = rowCount;
        team.RunChunks(rowCount, (_, start, count) =>
        {
            for (int row = start; row < start + count; row++)
                _rows[row] = row;
        });
    }

    /// <summary>Puts some rows into one leaf, in order.</summary>
    /// <param name="keep">Given (chunk, first row) and room for the chunk's rows, writes those that are kept and returns their number.</param>
    public void TakeSome(Func<(int Chunk, int First), Span<int>, int> keep)
    {
        team.RunChunks(rowCount, (chunk, start, count) => _lefts[chunk] = keep((chunk, start), _others.Slice(start, count)));
        int kept = StartsFromCounts(WorkTeam.ChunkCount(rowCount));
        team.RunChunks(rowCount, (chunk, start, _) => _others.Slice(start, _lefts[chunk + 1] - _lefts[chunk]).CopyTo(_rows.Slice(_lefts[chunk], _lefts[chunk + 1] - _lefts[chunk])));
        Count = kept;
    }

    /// <summary>The row ids of a leaf that has not been split.</summary>
    public ReadOnlySpan<int> Of(in RowRange leaf) => new(Pointer(leaf), leaf.Count);

    /// <summary>The first of them.</summary>
    public int* Pointer(in RowRange leaf) => ListOf(leaf.Side) + leaf.Start;

    /// <summary>Parts a leaf in two; both keep the order of their rows, and lie on the other side, those that went left first.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="column">[N] codes of the bundle that holds the feature.</param>
    /// <param name="leftCodes">Codes that go left.</param>
    /// <returns>Rows that went left.</returns>
    public int Split(RowRange leaf, byte* column, BinSet leftCodes)
    {
        int* from = Pointer(leaf), to = ListOf(1 - leaf.Side) + leaf.Start;
        int chunks = (leaf.Count + SplitRows - 1) / SplitRows;
        team.Run(chunks, leaf.Count, chunk =>
        {
            int first = chunk * SplitRows;
            _lefts[chunk] = PartitionKernel.Mark(new(from + first, Math.Min(SplitRows, leaf.Count - first)), column, leftCodes, Marks(chunk));
        });
        int lefts = StartsFromCounts(chunks);
        team.Run(chunks, leaf.Count, chunk =>
        {
            int first = chunk * SplitRows, length = Math.Min(SplitRows, leaf.Count - first);
            int leftStart = _lefts[chunk], leftLength = _lefts[chunk + 1] - leftStart;
            PartitionKernel.Move(new(from + first, length), Marks(chunk), new(to + leftStart, leftLength), new(to + lefts + first - leftStart, length - leftLength));
        });
        return lefts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _others.Dispose();
    }

    private int* ListOf(int side) => (side == 0 ? _rows : _others).Pointer;

    private Span<ushort> Marks(int chunk) => _marks.AsSpan(chunk * PartitionKernel.MarksOf(SplitRows), PartitionKernel.MarksOf(SplitRows));

    private int StartsFromCounts(int chunks)
    {
        int sum = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
            (_lefts[chunk], sum) = (sum, sum + _lefts[chunk]);
        return _lefts[chunks] = sum;
    }
}
