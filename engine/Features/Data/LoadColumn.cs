using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of the rows that a loader has gathered so far, in the order they came.</summary>
internal abstract class LoadColumn : IDisposable
{
    /// <summary>Moves every row to <paramref name="to"/>[row] of a column cut into buckets, and is empty then.</summary>
    public abstract RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds);

    /// <summary>Is empty afterwards.</summary>
    public abstract void Forget();

    public abstract void Dispose();

    public static LoadColumn Make(CellType type) => type switch
    {
        CellType.Int64 => new LoadColumn<long>(),
        CellType.Float64 => new LoadColumn<double>(),
        CellType.Int32 => new LoadColumn<int>(),
        _ => new LoadColumn<ushort>(),
    };
}

/// <inheritdoc/>
internal sealed class LoadColumn<T> : LoadColumn where T : unmanaged, IComparable<T>
{
    private readonly GrowingBuffer<T> _values = new();

    /// <summary>Appends the values at <paramref name="rows"/>, which ascend; as many rows as values are all of them.</summary>
    public void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        Span<T> room = _values.AppendUninitialised(rows.Length);
        if (rows.Length == values.Length)
        {
            values.CopyTo(room);
            return;
        }
        for (int i = 0; i < rows.Length; i++)
            room[i] = values[rows[i]];
    }

    public override RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds)
    {
        var column = new RunColumn<T>(bounds);
        column.Fill(_values.Span, to);
        _values.Clear();
        return column;
    }

    public override void Forget() => _values.Clear();

    public override void Dispose() => _values.Dispose();
}
