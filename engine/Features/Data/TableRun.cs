using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>A stretch of a table's rows as one loader read them, cut into buckets by the hash of their customer.</summary>
internal sealed class TableRun : IDisposable
{
    private readonly RunColumn<long> _codes;
    private readonly RunColumn[] _columns;
    private NativeBuffer<int>? _ids;

    public TableRun(int loader, BucketBounds bounds, RunColumn<long> codes, RunColumn[] columns) =>
        (Loader, Bounds, _codes, _columns) = (loader, bounds, codes, columns);

    /// <summary>Which loader's codes it holds.</summary>
    public int Loader { get; }

    public BucketBounds Bounds { get; }

    public RunColumn Column(int index) => _columns[index];

    /// <summary>Codes of the customers of a bucket's rows.</summary>
    public ReadOnlySpan<long> Codes(int bucket) => _codes.Bucket(bucket);

    /// <summary>For each row of a bucket, its customer's number within that bucket; to be written before <see cref="DropCodes"/>.</summary>
    public Span<int> Ids(int bucket) => _ids!.Slice(Bounds.Start(bucket), Bounds.RowsOf(bucket));

    public void MakeIds() => _ids = NativeBuffer<int>.Allocate(Bounds.RowCount);

    /// <summary>Frees the codes, once the numbers stand.</summary>
    public void DropCodes() => _codes.Dispose();

    /// <summary>Gives back what some buckets hold, once they are grouped.</summary>
    public void Discard(int firstBucket, int endBucket)
    {
        foreach (RunColumn column in _columns)
            column.Discard(firstBucket, endBucket);
        _ids!.Discard(Bounds.Start(firstBucket), Bounds.Start(endBucket) - Bounds.Start(firstBucket));
    }

    public void Dispose()
    {
        _codes.Dispose();
        _ids?.Dispose();
        foreach (RunColumn column in _columns)
            column.Dispose();
    }
}
