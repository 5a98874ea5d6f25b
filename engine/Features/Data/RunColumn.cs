using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a run: rows by bucket.</summary>
internal abstract class RunColumn(BucketBounds bounds) : IDisposable
{
    protected BucketBounds Bounds { get; } = bounds;

    public abstract long Bytes { get; }

    /// <summary>Replaces codes by <paramref name="map"/>[code]; -1 stays. Columns of <see cref="int"/> and <see cref="ushort"/> only.</summary>
    public abstract void Recode(int[] map);

    /// <summary>Writes the rows of a bucket to their places in the column of a store.</summary>
    public abstract void Scatter(int bucket, StoreColumn target, ReadOnlySpan<int> to);

    /// <summary>Gives the memory of some buckets back to the system.</summary>
    public abstract void Discard(int firstBucket, int endBucket);

    /// <summary>Moves the values to a file.</summary>
    public abstract void MoveTo(SpillFile file);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class RunColumn<T>(BucketBounds bounds) : RunColumn(bounds) where T : unmanaged, IComparable<T>
{
    private readonly NativeBuffer<T> _values = NativeBuffer<T>.Allocate(bounds.RowCount);

    public override long Bytes => _values.Length * sizeof(T);

    public ReadOnlySpan<T> All => _values.Span;

    public Span<T> Bucket(int bucket) => _values.Slice(Bounds.Start(bucket), Bounds.RowsOf(bucket));

    /// <summary>Writes every value to <paramref name="to"/> of its row.</summary>
    public void Fill(ReadOnlySpan<T> values, ReadOnlySpan<int> to)
    {
        T* target = _values.Pointer;
        for (int row = 0; row < values.Length; row++)
            target[to[row]] = values[row];
    }

    public override void Recode(int[] map)
    {
        if (typeof(T) == typeof(int))
        {
            foreach (ref int code in new Span<int>(_values.Pointer, Bounds.RowCount))
                code = code < 0 ? -1 : map[code];
        }
        else if (typeof(T) == typeof(ushort))
        {
            foreach (ref ushort code in new Span<ushort>(_values.Pointer, Bounds.RowCount))
                code = (ushort)map[code];
        }
        else
        {
            throw new InvalidOperationException($"{typeof(T)} holds no codes");
        }
    }

    public override void Scatter(int bucket, StoreColumn target, ReadOnlySpan<int> to)
    {
        T* run = ((StoreColumn<T>)target).Pointer;
        ReadOnlySpan<T> values = Bucket(bucket);
        for (int row = 0; row < values.Length; row++)
            run[to[row]] = values[row];
    }

    public override void Discard(int firstBucket, int endBucket) =>
        _values.Discard(Bounds.Start(firstBucket), Bounds.Start(endBucket) - Bounds.Start(firstBucket));

    public override void MoveTo(SpillFile file) => _values.MoveTo(file);

    public override void Dispose() => _values.Dispose();
}
