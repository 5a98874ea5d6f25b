using System.Buffers;
using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Puts the rows of a block of customers together: one counting sort by customer, then each customer's few by time.</summary>
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
        long count = table.CountOf(firstBucket, endBucket);
        if (count > int.MaxValue)
            throw FeaturesErrors.TooManyRows(name);
        int rows = (int)count;
        int[] ranks = ArrayPool<int>.Shared.Rent(rows), to = ArrayPool<int>.Shared.Rent(rows);
        NativeBuffer<int> offsets = NativeBuffer<int>.AllocateZeroed(customers + 1L);
        Rank(table, order, (firstBucket, endBucket), firstCustomer, ranks);
        foreach (int rank in ranks.AsSpan(0, rows))
            offsets[rank + 1L]++;
        for (long i = 1; i < offsets.Length; i++)
            offsets[i] += offsets[i - 1];
        var store = new TableStore(table.Shape, firstCustomer, offsets);
        Place(ranks.AsSpan(0, rows), offsets.Span, to, []);
        Scatter(table.Runs, (firstBucket, endBucket), StoreShape.Time, store, to);
        if (IsShuffled(store, offsets.Span))
        {
            // Rows written in order of time arrive at their customer nearly sorted, which is cheaper than sorting each customer's.
            int[] byTime = ArrayPool<int>.Shared.Rent(rows);
            SortBySlot(store, to.AsSpan(0, rows), byTime.AsSpan(0, rows));
            Place(ranks.AsSpan(0, rows), offsets.Span, to, byTime.AsSpan(0, rows));
            ArrayPool<int>.Shared.Return(byTime);
            Scatter(table.Runs, (firstBucket, endBucket), StoreShape.Time, store, to);
        }
        for (int column = 1; column < table.Shape.Types.Count; column++)
            Scatter(table.Runs, (firstBucket, endBucket), column, store, to);
        ArrayPool<int>.Shared.Return(ranks);
        ArrayPool<int>.Shared.Return(to);
        store.Sort();
        return store;
    }

    // The customer of every row, counted from the block's first: bucket after bucket, and within one run after run.
    private static void Rank(BucketedRows table, CustomerOrder order, (int First, int End) buckets, int firstCustomer, int[] ranks)
    {
        int next = 0;
        for (int bucket = buckets.First; bucket < buckets.End; bucket++)
        {
            ReadOnlySpan<int> rankOf = order.RanksOf(bucket);
            foreach (int id in table.Ids(bucket))
                ranks[next++] = rankOf[id] - firstCustomer;
        }
    }

    // Place of every row: its customer's first place, then the next, in the order given; none is the order they are numbered in.
    private static void Place(ReadOnlySpan<int> ranks, ReadOnlySpan<int> offsets, Span<int> to, ReadOnlySpan<int> order)
    {
        int[] next = ArrayPool<int>.Shared.Rent(offsets.Length);
        offsets.CopyTo(next);
        if (order.IsEmpty)
        {
            for (int row = 0; row < ranks.Length; row++)
                to[row] = next[ranks[row]]++;
        }
        else
        {
            foreach (int row in order)
                to[row] = next[ranks[row]]++;
        }
        ArrayPool<int>.Shared.Return(next);
    }

    private static void Scatter(TableRun[] runs, (int First, int End) buckets, int column, TableStore store, int[] to)
    {
        int next = 0;
        for (int bucket = buckets.First; bucket < buckets.End; bucket++)
        {
            foreach (TableRun run in runs)
            {
                int rows = run.Bounds.RowsOf(bucket);
                run.Column(column).Scatter(bucket, store.Column(column), to.AsSpan(next, rows));
                next += rows;
            }
        }
    }

    // More than one row in eight stands before its predecessor.
    private static bool IsShuffled(TableStore store, ReadOnlySpan<int> offsets)
    {
        long falls = 0;
        for (int customer = 0; customer < offsets.Length - 1; customer++)
        {
            for (int row = offsets[customer] + 1; row < offsets[customer + 1]; row++)
                falls += store.Time[row] < store.Time[row - 1] ? 1 : 0;
        }
        return falls > store.RowCount / 8;
    }

    private static void SortBySlot(TableStore store, ReadOnlySpan<int> to, Span<int> order)
    {
        long least = long.MaxValue, most = long.MinValue;
        for (int i = 0; i < store.RowCount; i++)
        {
            least = Math.Min(least, store.Time[i]);
            most = Math.Max(most, store.Time[i]);
        }
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)(most - least)) - BitOperations.Log2(TimeSlots));
        int[] starts = new int[TimeSlots + 2];
        for (int i = 0; i < store.RowCount; i++)
            starts[((store.Time[i] - least) >> shift) + 1]++;
        for (int slot = 1; slot < starts.Length; slot++)
            starts[slot] += starts[slot - 1];
        for (int row = 0; row < to.Length; row++)
            order[starts[(store.Time[to[row]] - least) >> shift]++] = row;
    }
}
