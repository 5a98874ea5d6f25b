using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The rows of a tree, grouped by leaf, ascending within a leaf.</summary>
/// <remarks>
/// Splitting a leaf rearranges its own range only:
/// <code>
///   rows: | leaf 0: 3 7 8 | leaf 2: 0 1 4 9 | leaf 1: 2 5 6 |
///   split leaf 2 by a table of its bins (0 and 9 go left):
///   rows: | leaf 0: 3 7 8 | leaf 2: 0 9 | leaf 3: 1 4 | leaf 1: 2 5 6 |
/// </code>
/// Memory: 8 bytes a row.
/// </remarks>
internal sealed unsafe class RowPartition(int rowCount, WorkTeam team) : IDisposable
{
    // A leaf of some ten thousand rows, the most frequent kind, is still parted by all threads.
    private const int SplitRows = 4096;
    private const long PartNanoseconds = 2;
    private readonly NativeBuffer<int> _rows = NativeBuffer<int>.Allocate(rowCount);
    private readonly NativeBuffer<int> _scratch = NativeBuffer<int>.Allocate(rowCount);
    private readonly int[] _lefts = new int[(rowCount + SplitRows - 1) / SplitRows + 1];

    /// <summary>Row ids.</summary>
    public int* Rows => _rows.Pointer;

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

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
        team.RunChunks(rowCount, (chunk, start, count) => _lefts[chunk] = keep((chunk, start), _scratch.Slice(start, count)));
        int kept = StartsFromCounts(WorkTeam.ChunkCount(rowCount));
        team.RunChunks(rowCount, (chunk, start, _) => _scratch.Slice(start, _lefts[chunk + 1] - _lefts[chunk]).CopyTo(_rows.Slice(_lefts[chunk], _lefts[chunk + 1] - _lefts[chunk])));
        Count = kept;
    }

    /// <summary>Parts a leaf in two; both keep the order of their rows.</summary>
    /// <param name="start">First position of the leaf.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="column">[N] codes of the bundle that holds the feature.</param>
    /// <param name="leftCodes">Codes that go left.</param>
    /// <returns>Rows that went left; they lie first.</returns>
    public int Split(int start, int count, byte* column, BinSet leftCodes)
    {
        int* rows = _rows.Pointer + start;
        int* scratch = _scratch.Pointer + start;
        int chunks = (count + SplitRows - 1) / SplitRows;
        team.Run(chunks, count * PartNanoseconds, chunk =>
        {
            int first = chunk * SplitRows, length = Math.Min(SplitRows, count - first);
            _lefts[chunk] = PartitionKernel.Run(new(rows + first, length), column, leftCodes, new(scratch + first, length));
        });
        int lefts = StartsFromCounts(chunks);
        team.Run(chunks, count, chunk =>
        {
            int first = chunk * SplitRows, length = Math.Min(SplitRows, count - first);
            int leftStart = _lefts[chunk], leftLength = _lefts[chunk + 1] - leftStart;
            int rightStart = lefts + first - leftStart, rightLength = length - leftLength;
            new Span<int>(scratch + first, leftLength).CopyTo(new Span<int>(rows + leftStart, leftLength));
            int* lastRight = scratch + first + length - 1;
            for (int i = 0; i < rightLength; i++)
                rows[rightStart + i] = lastRight[-i];
        });
        return lefts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _scratch.Dispose();
    }

    private int StartsFromCounts(int chunks)
    {
        int sum = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
            (_lefts[chunk], sum) = (sum, sum + _lefts[chunk]);
        return _lefts[chunks] = sum;
    }
}
