using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a run: rows by bucket.</summary>
internal abstract class RunColumn(BucketBounds bounds) : IDisposable
{
    protected BucketBounds Bounds { get; } = bounds;

    /// <summary>Replaces codes by <paramref name="map"/>[code]; -1 stays. Columns of <see cref="int"/> and <see cref="ushort"/> only.</summary>
    public abstract void Recode(int[] map);

    /// <summary>Writes the rows of a bucket to their places in the column of a store.</summary>
    public abstract void Scatter(int bucket, StoreColumn target, ReadOnlySpan<int> to);

    /// <summary>Gives back the memory of a piece.</summary>
    public abstract void Free(int piece);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class RunColumn<T> : RunColumn where T : unmanaged, IComparable<T>
{
    private readonly NativeBuffer<T>[] _pieces;

    public RunColumn(BucketBounds bounds) : base(bounds) =>
        _pieces = [.. Enumerable.Range(0, bounds.PieceCount).Select(p => NativeBuffer<T>.Allocate(bounds.PieceStart(p + 1) - bounds.PieceStart(p)))];

    public Span<T> Bucket(int bucket)
    {
        int piece = Bounds.PieceOf(bucket);
        return _pieces[piece].Slice(Bounds.Start(bucket) - Bounds.PieceStart(piece), Bounds.RowsOf(bucket));
    }

    /// <summary>Writes every value to <paramref name="to"/> of its row.</summary>
    public void Fill(ReadOnlySpan<T> values, ReadOnlySpan<byte> buckets, ReadOnlySpan<int> to)
    {
        // The pieces lie anywhere: a piece's address less its first row, kept by bucket, so that a row's place is one addition away.
        T** origins = stackalloc T*[BucketBounds.Count];
        for (int bucket = 0; bucket < BucketBounds.Count; bucket++)
        {
            int piece = Bounds.PieceOf(bucket);
            origins[bucket] = _pieces[piece].Pointer - Bounds.PieceStart(piece);
        }
        for (int row = 0; row < values.Length; row++)
            origins[buckets[row]][to[row]] = values[row];
    }

    public override void Recode(int[] map)
    {
        foreach (NativeBuffer<T> piece in _pieces)
        {
            if (typeof(T) == typeof(int))
            {
                foreach (ref int code in new Span<int>(piece.Pointer, (int)piece.Length))
                    code = code < 0 ? -1 : map[code];
            }
            else if (typeof(T) == typeof(ushort))
            {
                foreach (ref ushort code in new Span<ushort>(piece.Pointer, (int)piece.Length))
                    code = (ushort)map[code];
            }
            else
            {
                throw new InvalidOperationException($"{typeof(T)} holds no codes");
            }
        }
    }

    public override void Scatter(int bucket, StoreColumn target, ReadOnlySpan<int> to)
    {
        T* run = ((StoreColumn<T>)target).Pointer;
        ReadOnlySpan<T> values = Bucket(bucket);
        for (int row = 0; row < values.Length; row++)
            run[to[row]] = values[row];
    }

    public override void Free(int piece) => _pieces[piece].Dispose();

    public override void Dispose()
    {
        foreach (NativeBuffer<T> piece in _pieces)
            piece.Dispose();
    }
}
