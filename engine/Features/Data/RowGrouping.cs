using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Puts the rows of a block of customers together and in order of time, bucket after bucket, so that what is moved about stays in the second-level cache.</summary>
/// <remarks>
///     bucket's rows     run 0 | run 1 | ...                    numbered as they lie
///     by customer       one counting sort, times go along      from[i]: row, to[i]: its place in the block
///     by time           each customer's rows on their own
///     columns           each copied out of its runs, then placed by from and to
/// </remarks>
internal static unsafe class RowGrouping
{
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
        ByCustomer(ids.AsSpan(0, rows), times, ends.AsSpan(0, rankOf.Length), from, sorted);
        for (int id = 0, start = 0; id < rankOf.Length; start = ends[id++])
        {
            int count = ends[id] - start, place = store.First(rankOf[id]);
            // Where the times stood before is of no use any more.
            if (RowSort.ByTime(sorted.AsSpan(start, count), from.AsSpan(start, count), times.AsSpan(start, count), to.AsSpan(start, count)))
                tied.Add(rankOf[id]);
            sorted.AsSpan(start, count).CopyTo(new Span<long>(store.Time + place, count));
            for (int i = 0; i < count; i++)
                to[start + i] = place + i;
        }
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

    // Rows and their times by customer, within one in the order they are numbered in. Leaves the end of each customer's.
    private static void ByCustomer(ReadOnlySpan<int> ids, ReadOnlySpan<long> times, Span<int> ends, int[] rows, long[] sorted)
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
        for (int row = 0; row < ids.Length; row++)
        {
            int at = ends[ids[row]]++;
            (rows[at], sorted[at]) = (row, times[row]);
        }
    }
}
