using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>A stretch of a table's rows as one loader read them, cut into buckets by the hash of their customer.</summary>
internal sealed class TableRun : IDisposable
{
    private readonly RunColumn<long> _codes;
    private readonly RunColumn[] _columns;

    public TableRun(int loader, BucketBounds bounds, RunColumn<long> codes, RunColumn[] columns) =>
        (Loader, Bounds, _codes, _columns) = (loader, bounds, codes, columns);

    /// <summary>Which loader's codes it holds.</summary>
    public int Loader { get; }

    public BucketBounds Bounds { get; }

    /// <summary>Bytes of its rows.</summary>
    public long Bytes => _codes.Bytes + _columns.Sum(column => column.Bytes);

    public RunColumn Column(int index) => _columns[index];

    /// <summary>Codes of the customers of a bucket's rows.</summary>
    public void CopyCodes(int bucket, Span<long> codes) => _codes.CopyTo(bucket, codes);

    /// <summary>Gives a bucket's codes back, once its rows are numbered.</summary>
    public void DiscardCodes(int bucket) => _codes.Discard(bucket, bucket + 1);

    /// <summary>Frees the codes, once the numbers stand.</summary>
    public void DropCodes() => _codes.Dispose();

    /// <summary>Gives back what some buckets hold, once they are grouped.</summary>
    public void Discard(int firstBucket, int endBucket)
    {
        foreach (RunColumn column in _columns)
            column.Discard(firstBucket, endBucket);
    }

    /// <summary>Moves the rows to a file.</summary>
    public void MoveTo(SpillFile file)
    {
        _codes.MoveTo(file);
        foreach (RunColumn column in _columns)
            column.MoveTo(file);
    }

    public void Dispose()
    {
        _codes.Dispose();
        foreach (RunColumn column in _columns)
            column.Dispose();
    }
}
