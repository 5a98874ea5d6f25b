using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Gathers rows of one loader and cuts them into buckets, a run at a time.</summary>
/// <remarks>A run is a million rows at most: its places fit 32 bits, and what one column of it writes at a time stays near the processor.</remarks>
internal sealed class RunWriter : IDisposable
{
    /// <summary>Rows from which on a run is closed.</summary>
    public const int RunRows = 1 << 20;

    private const int MostRows = RunRows + (1 << 16);
    private readonly int _loader;
    private readonly WholeLoadColumn _codes = new();
    private readonly LoadColumn[] _columns;
    private readonly GrowingBuffer<byte> _buckets = new(most: MostRows);
    private readonly GrowingBuffer<int> _to = new(most: MostRows);
    private readonly Action<TableRun> _finished;

    public RunWriter(StoreShape shape, int loader, Action<TableRun> finished)
    {
        (_loader, _finished) = (loader, finished);
        _columns = [.. shape.Types.Select((type, column) => column == shape.Known ? new LateLoadColumn() : LoadColumn.Make(type))];
    }

    /// <summary>The column of that position in the shape, to append to; every column gets the same rows, and <see cref="Append"/> comes last.</summary>
    public LoadColumn<T> Column<T>(int index) where T : unmanaged, IComparable<T> => (LoadColumn<T>)_columns[index];

    /// <summary>Appends the customers of those rows, and closes the run when it is full.</summary>
    public void Append(ReadOnlySpan<long> codes, ReadOnlySpan<byte> buckets, ReadOnlySpan<int> rows)
    {
        _codes.AppendGather(codes, rows);
        Span<byte> room = _buckets.AppendUninitialised(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            room[i] = buckets[rows[i]];
        if (_buckets.Length >= RunRows)
            Close();
    }

    /// <summary>Forgets the rows gathered since the last run, of which some columns may have more than others.</summary>
    public void Forget()
    {
        _codes.Forget();
        _buckets.Clear();
        foreach (LoadColumn column in _columns)
            column.Forget();
    }

    /// <summary>Hands over the rows that are left.</summary>
    public void Close()
    {
        if (_buckets.Length == 0)
            return;
        // Kept from run to run: the system clears what is taken anew.
        _to.Clear();
        Span<int> to = _to.AppendUninitialised((int)_buckets.Length);
        var bounds = new BucketBounds(_buckets.Span, to);
        var codes = (RunColumn<long>)_codes.Close(to, bounds);
        var columns = new RunColumn[_columns.Length];
        for (int column = 0; column < columns.Length; column++)
            columns[column] = _columns[column] is LateLoadColumn late ? late.Close(to, bounds, (RunColumn<long>)columns[StoreShape.Time]) : _columns[column].Close(to, bounds);
        _buckets.Clear();
        _finished(new TableRun(_loader, bounds, codes, columns));
    }

    public void Dispose()
    {
        _codes.Dispose();
        _buckets.Dispose();
        _to.Dispose();
        foreach (LoadColumn column in _columns)
            column.Dispose();
    }
}
