using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a run: rows by bucket.</summary>
internal abstract class RunColumn(BucketBounds bounds) : IDisposable
{
    protected BucketBounds Bounds { get; } = bounds;

    public abstract long Bytes { get; }

    /// <summary>From now on codes stand for <paramref name="map"/>[code]; -1 stays. Columns of <see cref="int"/> and <see cref="ushort"/> only.</summary>
    public abstract void Recode(int[] map);

    /// <summary>Gives the memory of some buckets back to the system.</summary>
    public abstract void Discard(int firstBucket, int endBucket);

    /// <summary>Moves the values to a file.</summary>
    public abstract void MoveTo(SpillFile file);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal abstract class RunColumn<T>(BucketBounds bounds) : RunColumn(bounds) where T : unmanaged, IComparable<T>
{
    private int[]? _map;
    private NumberFrame _mapped;

    /// <summary>Of the values, where they are whole numbers; of 8 bytes where it is not known.</summary>
    public NumberFrame Frame => _map is null ? OwnFrame : _mapped;

    protected abstract NumberFrame OwnFrame { get; }

    /// <summary>The value of a row, counted from the run's first; slow.</summary>
    public abstract T At(int row);

    /// <summary>Writes the values of a bucket's rows.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="rows">[rows of the bucket] gets them.</param>
    public void CopyTo(int bucket, Span<T> rows)
    {
        Read(bucket, rows);
        if (_map is null)
            return;
        if (typeof(T) == typeof(int))
        {
            foreach (ref int code in System.Runtime.InteropServices.MemoryMarshal.Cast<T, int>(rows))
                code = code < 0 ? -1 : _map[code];
        }
        else
        {
            foreach (ref ushort code in System.Runtime.InteropServices.MemoryMarshal.Cast<T, ushort>(rows))
                code = (ushort)_map[code];
        }
    }

    public override void Recode(int[] map)
    {
        if (typeof(T) != typeof(int) && typeof(T) != typeof(ushort))
            throw new InvalidOperationException($"{typeof(T)} holds no codes");
        bool changes = false;
        for (int code = 0; code < map.Length; code++)
            changes |= map[code] != code;
        _map = changes ? map : null;
        _mapped = NumberFrame.Of<int>(map).Unite(new NumberFrame(typeof(T) == typeof(int) ? -1 : 0, 0, 1, false));
    }

    protected abstract void Read(int bucket, Span<T> rows);
}

/// <summary>Values as they are.</summary>
internal sealed unsafe class PlainRunColumn<T> : RunColumn<T> where T : unmanaged, IComparable<T>
{
    private readonly NativeBuffer<T> _values;

    /// <param name="values">[n] values in the order they came.</param>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    public PlainRunColumn(ReadOnlySpan<T> values, ReadOnlySpan<int> to, BucketBounds bounds)
        : base(bounds)
    {
        _values = NativeBuffer<T>.Allocate(values.Length);
        T* target = _values.Pointer;
        for (int row = 0; row < values.Length; row++)
            target[to[row]] = values[row];
    }

    public override long Bytes => _values.Length * sizeof(T);

    protected override NumberFrame OwnFrame => new(long.MinValue, long.MaxValue, 1, false);

    public override T At(int row) => _values[row];

    public override void Discard(int firstBucket, int endBucket) =>
        _values.Discard(Bounds.Start(firstBucket), Bounds.Start(endBucket) - Bounds.Start(firstBucket));

    public override void MoveTo(SpillFile file) => _values.MoveTo(file);

    public override void Dispose() => _values.Dispose();

    protected override void Read(int bucket, Span<T> rows) => _values.Slice(Bounds.Start(bucket), rows.Length).CopyTo(rows);
}
