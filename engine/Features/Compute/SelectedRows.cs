namespace ChurnEngine.Features;

/// <summary>Rows of one customer that a feature looks at one by one, by time: those in its window, and those before.</summary>
/// <remarks>A view: it outlives neither the sweep nor the block.</remarks>
internal readonly unsafe ref struct SelectedRows
{
    private readonly ReadOnlySpan<int> _rows;
    private readonly int _start;

    public SelectedRows(TableStore store, ReadOnlySpan<int> rows, int start, long from, long asOf)
    {
        _rows = rows;
        (Store, _start, From, AsOf) = (store, start, from, asOf);
    }

    public TableStore Store { get; }

    /// <summary>Rows of the window.</summary>
    public ReadOnlySpan<int> Window => _rows[_start..];

    /// <summary>Rows of the window and all before.</summary>
    public ReadOnlySpan<int> History => _rows;

    /// <summary>How many rows stand before the window.</summary>
    public int Before => _start;

    /// <summary>Begin of the window, microseconds; <see cref="long.MinValue"/> for all history.</summary>
    public long From { get; }

    /// <summary>End of the window, microseconds, not in it.</summary>
    public long AsOf { get; }

    public long Time(int row) => Store.Time[row];
}
