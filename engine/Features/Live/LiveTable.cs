using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of one customer in one table, kept in order while more come.</summary>
internal sealed unsafe class LiveTable : IDisposable
{
    private const int FirstCapacity = 16;
    private readonly List<TableRun> _runs = [];
    private readonly TableLoad _load;
    private readonly RowLoader _loader;
    private TableStore _store;
    private NativeBuffer<int> _offsets;
    private int _capacity = FirstCapacity;
    private int _count;

    /// <param name="layout">What the plan asks of the table.</param>
    /// <param name="fields">Columns of the rows to come.</param>
    /// <param name="keyType">Type of the customer's key.</param>
    public LiveTable(TableLayout layout, IReadOnlyList<Field> fields, ColumnType keyType)
    {
        var columns = new TableColumns(layout, fields, keyType);
        _load = new TableLoad(layout, columns, keyType, long.MaxValue, new RowRoom(long.MaxValue));
        _loader = new RowLoader(_load, 0, _runs.Add, run => run.Dispose());
        (_store, _offsets) = NewStore(_capacity);
        Contract = columns.Contract;
    }

    public Ingest.TableContract Contract { get; }

    public TableStore Store => _store;

    /// <summary>Classes by number, in order of appearance.</summary>
    public IReadOnlyList<RowClass> Classes => _loader.Classes.Classes;

    /// <summary>[text column] texts by number, in order of appearance.</summary>
    public string?[][] Texts() => [.. _load.Layout.Texts.Select((text, column) => Enumerable.Range(0, _loader.Texts[column].Count).Select(code => TextOf(column, code)).ToArray())];

    /// <summary>How many classes and texts there are: more than before, and codes mean more.</summary>
    public int CodeCount => Classes.Count + _loader.Texts.Sum(texts => texts.Count);

    /// <summary>Takes rows of the contract's columns.</summary>
    public void Apply(RecordBatch batch)
    {
        try
        {
            _loader.Append(batch, 0);
        }
        catch
        {
            _loader.Forget();
            throw;
        }
        _loader.Close();
        foreach (TableRun run in _runs)
        {
            using (run)
            {
                for (int row = 0; row < run.Bounds.RowCount; row++)
                    Insert(run, row);
            }
        }
        _runs.Clear();
    }

    public void Dispose()
    {
        _loader.Dispose();
        _load.Dispose();
        _store.Dispose();
    }

    private void Insert(TableRun run, int row)
    {
        if (_count == _capacity)
            Grow();
        long time = ((RunColumn<long>)run.Column(StoreShape.Time)).At(row);
        // After all rows of that time or before; ties are put right below.
        int at = time == long.MaxValue ? _count : _store.LowerBound(0, _count, time + 1);
        for (int column = 0; column < _load.Shape.Types.Count; column++)
            Insert(run.Column(column), row, _store.Column(column), at);
        _offsets[1] = ++_count;
        while (at > 0 && Compare(at - 1, at) > 0)
        {
            at--;
            for (int column = 0; column < _load.Shape.Types.Count; column++)
                _store.Column(column).Permute(at, [1, 0]);
        }
    }

    private void Insert(RunColumn run, int row, StoreColumn column, int at)
    {
        switch (column)
        {
            case PlainStoreColumn<long> values: values.Insert(((RunColumn<long>)run).At(row), at, _count); break;
            case PlainStoreColumn<double> values: values.Insert(((RunColumn<double>)run).At(row), at, _count); break;
            case PlainStoreColumn<int> values: values.Insert(((RunColumn<int>)run).At(row), at, _count); break;
            default: ((PlainStoreColumn<ushort>)column).Insert(((RunColumn<ushort>)run).At(row), at, _count); break;
        }
    }

    private void CopyTo(StoreColumn target, StoreColumn column)
    {
        switch (column)
        {
            case PlainStoreColumn<long> values: ((PlainStoreColumn<long>)target).CopyFrom(values, _count); break;
            case PlainStoreColumn<double> values: ((PlainStoreColumn<double>)target).CopyFrom(values, _count); break;
            case PlainStoreColumn<int> values: ((PlainStoreColumn<int>)target).CopyFrom(values, _count); break;
            default: ((PlainStoreColumn<ushort>)target).CopyFrom((PlainStoreColumn<ushort>)column, _count); break;
        }
    }

    // As TableStore.Compare, where codes already stand for the order of what they mean.
    private int Compare(int a, int b)
    {
        for (int column = 0; column < _load.Shape.Types.Count; column++)
        {
            int comparison = column == _load.Shape.Class ? Classes[_store.ClassOf(a)].CompareTo(Classes[_store.ClassOf(b)])
                : column >= _load.Shape.Texts ? string.CompareOrdinal(TextAt(column, a), TextAt(column, b))
                : _store.Column(column).Compare(a, b);
            if (comparison != 0)
                return comparison;
        }
        return 0;
    }

    private string? TextAt(int column, int row)
    {
        int text = column - _load.Shape.Texts, code = _store.Texts[text][row];
        return code < 0 ? null : TextOf(text, code);
    }

    private string? TextOf(int column, int code) => TextFunction.Apply(_load.Layout.Texts[column].Function ?? "", _loader.Texts[column].TextOf(code));

    private void Grow()
    {
        (TableStore larger, NativeBuffer<int> offsets) = NewStore(2 * _capacity);
        for (int column = 0; column < _load.Shape.Types.Count; column++)
            CopyTo(larger.Column(column), _store.Column(column));
        offsets[1] = _count;
        _store.Dispose();
        (_store, _offsets, _capacity) = (larger, offsets, 2 * _capacity);
    }

    private (TableStore, NativeBuffer<int>) NewStore(int capacity)
    {
        NativeBuffer<int> offsets = NativeBuffer<int>.Allocate(2);
        (offsets[0], offsets[1]) = (0, capacity);
        var store = new TableStore(_load.Shape, 0, offsets);
        offsets[1] = 0;
        return (store, offsets);
    }
}
