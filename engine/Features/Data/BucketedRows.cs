using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of a table as its loaders left them, with the customer of each: numbers within the bucket, in order of appearance.</summary>
internal sealed unsafe class BucketedRows(StoreShape shape, TableRun[] runs) : IDisposable
{
    // Two bytes a number where a bucket has no more customers than that, else four.
    private const int MostInTwoBytes = ushort.MaxValue + 1;
    private readonly NativeBuffer<byte>?[] _ids = new NativeBuffer<byte>?[BucketBounds.Count];
    private readonly bool[] _isWide = new bool[BucketBounds.Count];

    public StoreShape Shape { get; } = shape;

    public TableRun[] Runs { get; } = runs;

    /// <summary>Rows in all.</summary>
    public long Count => Runs.Sum(run => (long)run.Bounds.RowCount);

    /// <summary>Rows of some buckets.</summary>
    public long CountOf(int firstBucket, int endBucket)
    {
        long rows = 0;
        foreach (TableRun run in Runs)
            rows += run.Bounds.Start(endBucket) - run.Bounds.Start(firstBucket);
        return rows;
    }

    /// <summary>Writes the numbers of a bucket's customers, run after run; after <see cref="Number"/>.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="ids">[rows of the bucket] gets them.</param>
    public void CopyIds(int bucket, Span<int> ids)
    {
        if (_ids[bucket] is not { } kept)
            return;
        if (_isWide[bucket])
        {
            new ReadOnlySpan<int>(kept.Pointer, ids.Length).CopyTo(ids);
            return;
        }
        var narrow = (ushort*)kept.Pointer;
        for (int row = 0; row < ids.Length; row++)
            ids[row] = narrow[row];
    }

    /// <summary>Numbers the customers of a bucket. Buckets may be numbered at the same time.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="maps">[loader] codes of the loader to common ones; empty where they are common.</param>
    /// <param name="customers">Those of the bucket so far; gets the new ones.</param>
    /// <param name="room">Where the numbers go when memory is full.</param>
    /// <param name="table">Its name, for errors.</param>
    public void Number(int bucket, long[][] maps, Int64Index customers, RowRoom room, string table)
    {
        long count = CountOf(bucket, bucket + 1);
        if (count == 0)
            return;
        if (count > int.MaxValue)
            throw FeaturesErrors.TooManyRows(table);
        int rows = (int)count;
        int[] numbers = ArrayPool<int>.Shared.Rent(rows);
        long[] all = ArrayPool<long>.Shared.Rent(Runs.Max(run => run.Bounds.RowsOf(bucket)));
        int next = 0;
        foreach (TableRun run in Runs)
        {
            Span<long> codes = all.AsSpan(0, run.Bounds.RowsOf(bucket));
            run.CopyCodes(bucket, codes);
            if (maps.Length > 0)
            {
                long[] map = maps[run.Loader];
                foreach (ref long code in codes)
                    code = map[code];
            }
            customers.GetOrAdd(codes, numbers.AsSpan(next, codes.Length));
            next += codes.Length;
            // In memory they go soon, all at once, which leaves large pages whole.
            if (room.IsFull)
                run.DiscardCodes(bucket);
        }
        _ids[bucket] = Keep(numbers.AsSpan(0, rows), _isWide[bucket] = customers.Count > MostInTwoBytes);
        ArrayPool<int>.Shared.Return(numbers);
        ArrayPool<long>.Shared.Return(all);
        room.Settle(_ids[bucket]!);
    }

    /// <summary>Frees the codes, once the numbers stand.</summary>
    public void DropCodes()
    {
        foreach (TableRun run in Runs)
            run.DropCodes();
    }

    /// <summary>Gives back what some buckets hold, once they are grouped.</summary>
    public void Discard(int firstBucket, int endBucket)
    {
        foreach (TableRun run in Runs)
            run.Discard(firstBucket, endBucket);
        for (int bucket = firstBucket; bucket < endBucket; bucket++)
        {
            _ids[bucket]?.Dispose();
            _ids[bucket] = null;
        }
    }

    public void Dispose()
    {
        foreach (TableRun run in Runs)
            run.Dispose();
        foreach (NativeBuffer<byte>? ids in _ids)
            ids?.Dispose();
    }

    private static NativeBuffer<byte> Keep(ReadOnlySpan<int> numbers, bool isWide)
    {
        NativeBuffer<byte> kept = NativeBuffer<byte>.Allocate(numbers.Length * (isWide ? sizeof(int) : (long)sizeof(ushort)));
        if (isWide)
        {
            numbers.CopyTo(new Span<int>(kept.Pointer, numbers.Length));
            return kept;
        }
        var narrow = (ushort*)kept.Pointer;
        for (int row = 0; row < numbers.Length; row++)
            narrow[row] = (ushort)numbers[row];
        return kept;
    }
}
