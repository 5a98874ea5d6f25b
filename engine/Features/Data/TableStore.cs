using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of one table: while loading in file order, after <see cref="Group"/> by customer and, within one, by time.</summary>
/// <remarks>
///     offsets   0        3     4            customer c owns rows offsets[c] .. offsets[c + 1]
///     time      2 5 9    4     1 1 8        ascending; ties by known, then class, then values, so that file order never shows
/// </remarks>
internal sealed unsafe class TableStore : IDisposable
{
    private readonly List<StoreColumn> _columns = [];
    private NativeBuffer<long>? _offsets;

    /// <param name="layout">What to keep; null keeps instants alone.</param>
    /// <param name="hasKnown">Whether the table says when a row became known.</param>
    public TableStore(TableLayout? layout, bool hasKnown)
    {
        Time = Add<long>();
        Known = hasKnown ? Add<long>() : null;
        if (layout is null)
            return;
        Class = layout.SelectorsByClass.Length > 1 ? Add<ushort>() : null;
        Measures = [.. layout.Measures.Select(_ => Add<long>())];
        Numbers = [.. layout.LatestNumbers.Select(_ => Add<double>())];
        Texts = [.. layout.TextColumns.Select(_ => Add<int>())];
    }

    public StoreColumn<int> Customer { get; } = new();

    /// <summary>Microseconds; <see cref="long.MinValue"/> in a table without instants.</summary>
    public StoreColumn<long> Time { get; }

    /// <summary>Microseconds; null: known as it happened.</summary>
    public StoreColumn<long>? Known { get; }

    /// <summary>Position in <see cref="TableLayout.SelectorsByClass"/>; null when there is one class.</summary>
    public StoreColumn<ushort>? Class { get; }

    /// <summary>Fixed-point values of sums; <see cref="long.MinValue"/> is missing.</summary>
    public StoreColumn<long>[] Measures { get; } = [];

    /// <summary>Values whose latest is a feature; NaN is missing.</summary>
    public StoreColumn<double>[] Numbers { get; } = [];

    /// <summary>Codes into the sorted texts of the column; -1 is missing.</summary>
    public StoreColumn<int>[] Texts { get; } = [];

    public long RowCount { get; private set; }

    public long First(int customer) => _offsets![customer];

    public long End(int customer) => _offsets![customer + 1L];

    /// <summary>First row of a customer at or after <paramref name="instant"/>; its end when there is none.</summary>
    public long LowerBound(int customer, long instant)
    {
        long low = First(customer), high = End(customer);
        long* time = Time.Pointer;
        while (low < high)
        {
            long middle = (low + high) >>> 1;
            if (time[middle] < instant)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Whether a row had arrived at <paramref name="instant"/>.</summary>
    public bool IsKnown(long row, long instant) => Known is null || Known.Pointer[row] <= instant;

    /// <summary>Groups the rows by customer with one counting sort, then sorts each customer's few.</summary>
    public void Group(CustomerOrder order, string table, ParallelOptions parallel)
    {
        RowCount = Customer.Length;
        if (RowCount > int.MaxValue)
            throw FeaturesErrors.TooManyRows(table);
        NativeBuffer<long> offsets = NativeBuffer<long>.AllocateZeroed(order.Count + 1L);
        _offsets = offsets;
        CustomersToPositions(order, offsets);
        foreach (StoreColumn column in _columns)
            column.Scatter(Customer, parallel);
        Customer.Dispose();
        ParallelWork.For(order.PartitionCount, parallel, partition =>
        {
            for (int customer = order.Start(partition); customer < order.Start(partition + 1); customer++)
                SortCustomer(First(customer), (int)(End(customer) - First(customer)));
        });
    }

    public void Dispose()
    {
        Customer.Dispose();
        foreach (StoreColumn column in _columns)
            column.Dispose();
        _offsets?.Dispose();
    }

    // Replaces each row's customer by the row's place in the grouped run.
    private void CustomersToPositions(CustomerOrder order, NativeBuffer<long> offsets)
    {
        for (int chunk = 0; chunk < Customer.ChunkCount; chunk++)
        {
            foreach (ref int customer in Customer.Chunk(chunk))
            {
                customer = order.RankOf(customer);
                offsets[customer + 1L]++;
            }
        }
        for (long i = 1; i < offsets.Length; i++)
            offsets[i] += offsets[i - 1];
        using NativeBuffer<long> next = NativeBuffer<long>.CopyOf(offsets.Span);
        for (int chunk = 0; chunk < Customer.ChunkCount; chunk++)
        {
            foreach (ref int customer in Customer.Chunk(chunk))
                customer = (int)next[customer]++;
        }
    }

    private void SortCustomer(long start, int count)
    {
        int sorted = 1;
        while (sorted < count && Compare(start + sorted - 1, start + sorted) <= 0)
            sorted++;
        if (sorted >= count)
            return;
        int[] order = ArrayPool<int>.Shared.Rent(count);
        long[] times = ArrayPool<long>.Shared.Rent(count);
        new ReadOnlySpan<long>(Time.Pointer + start, count).CopyTo(times);
        for (int i = 0; i < count; i++)
            order[i] = i;
        times.AsSpan(0, count).Sort(order.AsSpan(0, count));
        SortTies(start, times.AsSpan(0, count), order);
        foreach (StoreColumn column in _columns)
            column.Permute(start, order.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<long>.Shared.Return(times);
    }

    private void SortTies(long start, ReadOnlySpan<long> times, int[] order)
    {
        int run = 0;
        for (int i = 1; i <= times.Length; i++)
        {
            if (i < times.Length && times[i] == times[run])
                continue;
            if (i - run > 1)
                order.AsSpan(run, i - run).Sort((a, b) => Compare(start + a, start + b));
            run = i;
        }
    }

    private int Compare(long a, long b)
    {
        foreach (StoreColumn column in _columns)
        {
            int comparison = column.Compare(a, b);
            if (comparison != 0)
                return comparison;
        }
        return 0;
    }

    private StoreColumn<T> Add<T>() where T : unmanaged, IComparable<T>
    {
        var column = new StoreColumn<T>();
        _columns.Add(column);
        return column;
    }
}
