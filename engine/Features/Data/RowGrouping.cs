using System.Buffers;
using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Puts the rows of a block of customers together and in order of time, bucket after bucket, so that what is moved about stays in the second-level cache.</summary>
/// <remarks>
///     bucket's rows     run 0 | run 1 | ...                    numbered as they lie
///     slots of time     only where rows come shuffled          nearly sorted, so that a customer's few need few moves
///     by customer       one counting sort                      from[i]: row, to[i]: its place in the block
///     columns           each copied out of its runs, then placed by from and to
/// </remarks>
internal static unsafe class RowGrouping
{
    private const int TimeSlots = 4096;

    /// <param name="table">Its rows, numbered.</param>
    /// <param name="order">Final order of the customers.</param>
    /// <param name="block">Which of its blocks.</param>
    /// <param name="name">Its name, for errors.</param>
    public static TableStore Group(BucketedRows table, CustomerOrder order, int block, string name)
    {
        int firstBucket = block * order.BucketsPerBlock, endBucket = firstBucket + order.BucketsPerBlock;
        (int firstCustomer, int customers) = (order.BlockStart(block), order.BlockStart(block + 1) - order.BlockStart(block));
        if (table.CountOf(firstBucket, endBucket) > int.MaxValue)
            throw FeaturesErrors.TooManyRows(name);
        NativeBuffer<int> offsets = NativeBuffer<int>.AllocateZeroed(customers + 1L);
        for (int bucket = firstBucket; bucket < endBucket; bucket++)
            Count(table, bucket, order.RanksOf(bucket), offsets.Span[1..], firstCustomer);
        for (long i = 1; i < offsets.Length; i++)
            offsets[i] += offsets[i - 1];
        var store = new TableStore(table.Shape, firstCustomer, offsets, StoreColumns.For(table, (firstBucket, endBucket), offsets[customers]));
        var tied = new List<int>();
        for (int bucket = firstBucket; bucket < endBucket; bucket++)
            Group(table, bucket, order.RanksOf(bucket), store, tied);
        store.Seal();
        foreach (int customer in tied)
            store.SortTies(customer);
        return store;
    }

    private static void Count(BucketedRows table, int bucket, ReadOnlySpan<int> rankOf, Span<int> counts, int firstCustomer)
    {
        int rows = (int)table.CountOf(bucket, bucket + 1);
        int[] ids = ArrayPool<int>.Shared.Rent(rows);
        table.CopyIds(bucket, ids.AsSpan(0, rows));
        foreach (int id in ids.AsSpan(0, rows))
            counts[rankOf[id] - firstCustomer]++;
        ArrayPool<int>.Shared.Return(ids);
    }

    private static void Group(BucketedRows table, int bucket, ReadOnlySpan<int> rankOf, TableStore store, List<int> tied)
    {
        int rows = (int)table.CountOf(bucket, bucket + 1);
        if (rows == 0)
            return;
        int[] ids = ArrayPool<int>.Shared.Rent(rows), from = ArrayPool<int>.Shared.Rent(rows), to = ArrayPool<int>.Shared.Rent(rows);
        long[] times = ArrayPool<long>.Shared.Rent(rows), sorted = ArrayPool<long>.Shared.Rent(rows);
        int[] ends = ArrayPool<int>.Shared.Rent(rankOf.Length);
        table.CopyIds(bucket, ids.AsSpan(0, rows));
        CopyTimes(table.Runs, bucket, times);
        ByCustomer(ids.AsSpan(0, rows), [], ends.AsSpan(0, rankOf.Length), from);
        if (IsShuffled(ends.AsSpan(0, rankOf.Length), from, times))
        {
            // Rows taken in order of time arrive at their customer nearly sorted, which is cheaper than sorting each customer's.
            SortBySlot(times.AsSpan(0, rows), to.AsSpan(0, rows));
            ByCustomer(ids.AsSpan(0, rows), to.AsSpan(0, rows), ends.AsSpan(0, rankOf.Length), from);
        }
        for (int i = 0; i < rows; i++)
            sorted[i] = times[from[i]];
        for (int id = 0, start = 0; id < rankOf.Length; start = ends[id++])
        {
            int count = ends[id] - start, place = store.First(rankOf[id]);
            if (RowSort.ByTime(sorted.AsSpan(start, count), from.AsSpan(start, count)))
                tied.Add(rankOf[id]);
            for (int i = 0; i < count; i++)
                to[start + i] = place + i;
        }
        for (int i = 0; i < rows; i++)
            store.Time[to[i]] = sorted[i];
        for (int column = StoreShape.Time + 1; column < table.Shape.Types.Count; column++)
            store.Column(column).Place(table.Runs, column, bucket, from.AsSpan(0, rows), to.AsSpan(0, rows));
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<int>.Shared.Return(from);
        ArrayPool<int>.Shared.Return(to);
        ArrayPool<int>.Shared.Return(ends);
        ArrayPool<long>.Shared.Return(times);
        ArrayPool<long>.Shared.Return(sorted);
    }

    private static void CopyTimes(TableRun[] runs, int bucket, long[] times)
    {
        int next = 0;
        foreach (TableRun run in runs)
        {
            int rows = run.Bounds.RowsOf(bucket);
            ((RunColumn<long>)run.Column(StoreShape.Time)).CopyTo(bucket, times.AsSpan(next, rows));
            next += rows;
        }
    }

    // Rows by customer, within one in the order given; none is the order they are numbered in. Leaves the end of each customer's.
    private static void ByCustomer(ReadOnlySpan<int> ids, ReadOnlySpan<int> order, Span<int> ends, int[] rows)
    {
        ends.Clear();
        foreach (int id in ids)
            ends[id]++;
        int before = 0;
        foreach (ref int end in ends)
        {
            int count = end;
            end = before;
            before += count;
        }
        if (order.IsEmpty)
        {
            for (int row = 0; row < ids.Length; row++)
                rows[ends[ids[row]]++] = row;
            return;
        }
        foreach (int row in order)
            rows[ends[ids[row]]++] = row;
    }

    // More than one row in eight stands before its predecessor.
    private static bool IsShuffled(ReadOnlySpan<int> ends, ReadOnlySpan<int> rows, ReadOnlySpan<long> times)
    {
        long falls = 0;
        int start = 0;
        foreach (int end in ends)
        {
            for (int i = start + 1; i < end; i++)
                falls += times[rows[i]] < times[rows[i - 1]] ? 1 : 0;
            start = end;
        }
        return falls > start / 8;
    }

    private static void SortBySlot(ReadOnlySpan<long> times, Span<int> order)
    {
        long least = long.MaxValue, most = long.MinValue;
        foreach (long time in times)
        {
            least = Math.Min(least, time);
            most = Math.Max(most, time);
        }
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)(most - least)) - BitOperations.Log2(TimeSlots));
        Span<int> starts = stackalloc int[TimeSlots + 1];
        starts.Clear();
        foreach (long time in times)
            starts[(int)((time - least) >> shift) + 1]++;
        for (int slot = 1; slot < starts.Length; slot++)
            starts[slot] += starts[slot - 1];
        for (int row = 0; row < times.Length; row++)
            order[starts[(int)((times[row] - least) >> shift)]++] = row;
    }
}
