using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of a table as its loaders left them, with the customer of each: numbers within the bucket, in order of appearance.</summary>
internal sealed class BucketedRows(StoreShape shape, TableRun[] runs) : IDisposable
{
    private readonly NativeBuffer<int>?[] _ids = new NativeBuffer<int>?[BucketBounds.Count];

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

    /// <summary>The numbers of a bucket's customers, run after run; after <see cref="Number"/>.</summary>
    public ReadOnlySpan<int> Ids(int bucket) => _ids[bucket] is { } ids ? ids.Span : [];

    /// <summary>Numbers the customers of a bucket. Buckets may be numbered at the same time.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="maps">[loader] codes of the loader to common ones; empty where they are common.</param>
    /// <param name="customers">Those of the bucket so far; gets the new ones.</param>
    /// <param name="room">Where the numbers go when memory is full.</param>
    /// <param name="table">Its name, for errors.</param>
    public void Number(int bucket, long[][] maps, Int64Index customers, RowRoom room, string table)
    {
        long rows = CountOf(bucket, bucket + 1);
        if (rows == 0)
            return;
        if (rows > int.MaxValue)
            throw FeaturesErrors.TooManyRows(table);
        NativeBuffer<int> ids = NativeBuffer<int>.Allocate(rows);
        _ids[bucket] = ids;
        int next = 0;
        foreach (TableRun run in Runs)
        {
            ReadOnlySpan<long> codes = run.Codes(bucket);
            Span<int> numbers = ids.Slice(next, codes.Length);
            next += codes.Length;
            long[]? map = maps.Length == 0 ? null : maps[run.Loader];
            for (int row = 0; row < codes.Length; row++)
                numbers[row] = customers.GetOrAdd(map is null ? codes[row] : map[codes[row]]);
            run.DiscardCodes(bucket);
        }
        room.Settle(ids);
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
        foreach (NativeBuffer<int>? ids in _ids)
            ids?.Dispose();
    }
}
