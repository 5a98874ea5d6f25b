using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of one table for a block of customers: by customer and, within one, by time.</summary>
/// <remarks>
///     offsets   0        3     4            customer c owns rows offsets[c] .. offsets[c + 1]
///     time      2 5 9    4     1 1 8        ascending; ties by known, then class, then values, so that file order never shows
/// </remarks>
internal sealed unsafe class TableStore : IDisposable
{
    // A comparer takes memory each time, which the mostly few rows of one instant are not worth.
    private const int MostInserted = 16;
    private readonly StoreColumn[] _columns;
    private readonly NativeBuffer<int> _offsets;
    private readonly int _firstCustomer;
    private readonly StoreColumn<long>? _known;
    private readonly ushort* _class;
    private readonly byte* _classByte;

    /// <param name="shape">Its columns.</param>
    /// <param name="firstCustomer">First customer of the block.</param>
    /// <param name="offsets">First row of each of its customers, and the end; this owns it from now on.</param>
    public TableStore(StoreShape shape, int firstCustomer, NativeBuffer<int> offsets)
        : this(shape, firstCustomer, offsets, StoreColumns.Plain(shape, offsets[offsets.Length - 1]))
    {
    }

    /// <param name="shape">Its columns.</param>
    /// <param name="firstCustomer">First customer of the block.</param>
    /// <param name="offsets">First row of each of its customers, and the end; this owns it from now on.</param>
    /// <param name="columns">With room for all rows; this owns them from now on.</param>
    public TableStore(StoreShape shape, int firstCustomer, NativeBuffer<int> offsets, StoreColumn[] columns)
    {
        (_firstCustomer, _offsets, _columns) = (firstCustomer, offsets, columns);
        RowCount = offsets[offsets.Length - 1];
        Time = ((PlainStoreColumn<long>)_columns[StoreShape.Time]).Pointer;
        _known = shape.Known < 0 ? null : (StoreColumn<long>)_columns[shape.Known];
        Late = _known as LateStoreColumn;
        StoreColumn? rowClass = shape.Class < 0 ? null : _columns[shape.Class];
        _class = rowClass is PlainStoreColumn<ushort> plain ? plain.Pointer : null;
        _classByte = rowClass is PackedStoreColumn<ushort> packed ? packed.Pointer : null;
        Measures = Take<long>(shape.Measures, shape.Numbers);
        Numbers = Take<double>(shape.Numbers, shape.Identities);
        Identities = Take<long>(shape.Identities, shape.Texts);
        Texts = Take<int>(shape.Texts, _columns.Length);
    }

    public int RowCount { get; }

    /// <summary>Microseconds; <see cref="long.MinValue"/> in a table without instants.</summary>
    public long* Time { get; }

    /// <summary>Whether the table says when rows became known.</summary>
    public bool HasKnown => _known is not null;

    /// <summary>Rows that were not known as they happened, where those are few; null where there is no telling without a look at each.</summary>
    public LateStoreColumn? Late { get; }

    /// <summary>Fixed-point values of sums; <see cref="long.MinValue"/> is missing.</summary>
    public StoreColumn<long>[] Measures { get; }

    /// <summary>Values that are looked at one by one; NaN is missing.</summary>
    public StoreColumn<double>[] Numbers { get; }

    /// <summary>What tells values apart; <see cref="Identity.Missing"/> is missing.</summary>
    public StoreColumn<long>[] Identities { get; }

    /// <summary>Codes into the sorted texts of the column; -1 is missing.</summary>
    public StoreColumn<int>[] Texts { get; }

    public StoreColumn Column(int index) => _columns[index];

    public int First(int customer) => _offsets[customer - _firstCustomer];

    public int End(int customer) => _offsets[customer - _firstCustomer + 1];

    /// <summary>First row of a customer at or after <paramref name="instant"/>; its end when there is none.</summary>
    public int LowerBound(int customer, long instant) => LowerBound(First(customer), End(customer), instant);

    /// <summary>First row of low .. high at or after <paramref name="instant"/>; high when there is none.</summary>
    public int LowerBound(int low, int high, long instant)
    {
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (Time[middle] < instant)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Whether a row had arrived at <paramref name="instant"/>.</summary>
    public bool IsKnown(int row, long instant) => Late is { } late ? late.IsKnown(row, instant) : _known is null || _known[row] <= instant;

    /// <summary>When a row became known, microseconds; where the table says so.</summary>
    public long KnownAt(int row) => _known![row];

    /// <summary>Position of a row's class among the table's classes; 0 where there is one class.</summary>
    public int ClassOf(int row) => _classByte != null ? _classByte[row] : _class != null ? _class[row] : 0;

    /// <summary>Writes the classes of consecutive rows.</summary>
    public void CopyClasses(int first, Span<int> classes)
    {
        if (_classByte != null)
        {
            for (int row = 0; row < classes.Length; row++)
                classes[row] = _classByte[first + row];
            return;
        }
        for (int row = 0; row < classes.Length; row++)
            classes[row] = _class == null ? 0 : _class[first + row];
    }

    /// <summary>After the last row was placed.</summary>
    public void Seal()
    {
        foreach (StoreColumn column in _columns)
            column.Seal();
    }

    /// <summary>Sorts those rows of a customer that happened at the same time, by the other columns in order.</summary>
    public void SortTies(int customer)
    {
        int run = First(customer), end = End(customer);
        for (int row = run + 1; row <= end; row++)
        {
            if (row < end && Time[row] == Time[run])
                continue;
            if (row - run > 1)
                SortTies(run, row - run);
            run = row;
        }
    }

    /// <summary>Writes the rows as they lie in memory.</summary>
    public void WriteTo(BlockFileWriter file)
    {
        file.Write(_offsets);
        long[] forms = new long[ColumnForm.Length * _columns.Length];
        for (int column = 0; column < _columns.Length; column++)
            _columns[column].Form.Write(forms.AsSpan(ColumnForm.Length * column));
        file.Write<long>(forms);
        foreach (StoreColumn column in _columns)
            column.WriteTo(file);
    }

    /// <summary>The rows that <see cref="WriteTo"/> wrote.</summary>
    public static TableStore ReadFrom(BlockFileReader file, StoreShape shape, int firstCustomer, int customers)
    {
        NativeBuffer<int> offsets = file.Read<int>(customers + 1L);
        var columns = new StoreColumn?[shape.Types.Count];
        try
        {
            using NativeBuffer<long> forms = file.Read<long>((long)ColumnForm.Length * columns.Length);
            for (int column = 0; column < columns.Length; column++)
                columns[column] = StoreColumns.Read(file, shape.Types[column], ColumnForm.Read(forms.Slice(ColumnForm.Length * column, ColumnForm.Length)), ((PlainStoreColumn<long>?)columns[0], offsets[customers]));
            return new TableStore(shape, firstCustomer, offsets, columns!);
        }
        catch
        {
            offsets.Dispose();
            foreach (StoreColumn? column in columns)
                column?.Dispose();
            throw;
        }
    }

    /// <summary>Moves the rows to a file.</summary>
    public void MoveTo(SpillFile file)
    {
        foreach (StoreColumn column in _columns)
            column.MoveTo(file);
    }

    /// <summary>Lets go of what was read from the file, where the rows are in one.</summary>
    public void Rest()
    {
        foreach (StoreColumn column in _columns)
            column.Rest();
    }

    public void Dispose()
    {
        foreach (StoreColumn column in _columns)
            column.Dispose();
        _offsets.Dispose();
    }

    private void SortTies(int start, int count)
    {
        int sorted = 1;
        while (sorted < count && Compare(start + sorted - 1, start + sorted) <= 0)
            sorted++;
        if (sorted == count)
            return;
        int[] order = ArrayPool<int>.Shared.Rent(count);
        for (int i = 0; i < count; i++)
            order[i] = i;
        if (count > MostInserted)
            order.AsSpan(0, count).Sort((a, b) => Compare(start + a, start + b));
        for (int i = sorted; i < count && count <= MostInserted; i++)
        {
            int at = i;
            for (; at > 0 && Compare(start + order[at - 1], start + i) > 0; at--)
                order[at] = order[at - 1];
            order[at] = i;
        }
        for (int column = StoreShape.Time + 1; column < _columns.Length; column++)
            _columns[column].Permute(start, order.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(order);
    }

    private int Compare(int a, int b)
    {
        for (int column = StoreShape.Time + 1; column < _columns.Length; column++)
        {
            int comparison = _columns[column].Compare(a, b);
            if (comparison != 0)
                return comparison;
        }
        return 0;
    }

    private StoreColumn<T>[] Take<T>(int first, int end) where T : unmanaged, IComparable<T> =>
        [.. _columns.Skip(first).Take(end - first).Select(column => (StoreColumn<T>)column)];
}
