using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Sums of what trees say of the rows they did not see.</summary>
/// <remarks>Memory: 13 bytes a row; owns them.</remarks>
internal sealed unsafe class OutOfBag(BinnedMatrix matrix, WorkTeam team) : IDisposable
{
    private readonly NativeBuffer<double> _sums = NativeBuffer<double>.AllocateZeroed(matrix.RowCount);
    private readonly NativeBuffer<int> _trees = NativeBuffer<int>.AllocateZeroed(matrix.RowCount);
    private readonly NativeBuffer<byte> _isInBag = NativeBuffer<byte>.Allocate(matrix.RowCount);

    /// <summary>Notes the rows that the next tree is grown on.</summary>
    public void Mark(RowPartition rows)
    {
        _isInBag.Span.Clear();
        foreach (int row in rows.Of(rows.All))
            _isInBag[row] = 1;
    }

    /// <summary>Adds what that tree says of the others.</summary>
    public void Add(GrownTree tree) => team.RunChunks(matrix.RowCount, (_, start, count) =>
    {
        for (int row = start; row < start + count; row++)
        {
            if (_isInBag[row] != 0)
                continue;
            _sums[row] += tree.ValueOf(matrix, row);
            _trees[row]++;
        }
    });

    /// <summary>[N] base margin and mean; NaN where every tree saw the row.</summary>
    public double[] Means(double baseMargin)
    {
        double[] means = new double[matrix.RowCount];
        for (int row = 0; row < means.Length; row++)
            means[row] = _trees[row] == 0 ? double.NaN : baseMargin + _sums[row] / _trees[row];
        return means;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _trees.Dispose();
        _isInBag.Dispose();
    }
}
