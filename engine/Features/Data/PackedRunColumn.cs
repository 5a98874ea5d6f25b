using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Whole numbers in as few bytes as those of the run allow.</summary>
internal sealed unsafe class PackedRunColumn<T> : RunColumn<T> where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly NumberFrame _frame;
    private readonly NativeBuffer<byte> _packed;

    /// <param name="values">[n] values in the order they came.</param>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="frame">Of the values; of fewer bytes than they have.</param>
    public PackedRunColumn(ReadOnlySpan<T> values, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame)
        : this(bounds, frame, values.Length) => Pack(values, to);

    private PackedRunColumn(BucketBounds bounds, NumberFrame frame, int rows)
        : base(bounds) => (_frame, _packed) = (frame, NativeBuffer<byte>.Allocate((long)rows * frame.Bytes));

    /// <summary>The column of values that fit 32 bits.</summary>
    /// <param name="values">[n] values in the order they came; <see cref="int.MinValue"/> is missing.</param>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="frame">Of the values.</param>
    public static PackedRunColumn<T> OfNarrow(ReadOnlySpan<int> values, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame)
    {
        var column = new PackedRunColumn<T>(bounds, frame, values.Length);
        column.Pack(values, to);
        return column;
    }

    public override long Bytes => _packed.Length;

    protected override NumberFrame OwnFrame => _frame;

    public override T At(int row) => T.CreateTruncating(_frame.Unpack(_frame.Bytes switch
    {
        1 => _packed[row],
        2 => ((ushort*)_packed.Pointer)[row],
        _ => ((uint*)_packed.Pointer)[row],
    }));

    public override void Discard(int firstBucket, int endBucket) =>
        _packed.Discard((long)Bounds.Start(firstBucket) * _frame.Bytes, (long)(Bounds.Start(endBucket) - Bounds.Start(firstBucket)) * _frame.Bytes);

    public override void MoveTo(SpillFile file) => _packed.MoveTo(file);

    public override void Dispose() => _packed.Dispose();

    protected override void Read(int bucket, Span<T> rows)
    {
        _frame.Unpack(_packed.Pointer, Bounds.Start(bucket), rows);
    }

    private void Pack<TFrom>(ReadOnlySpan<TFrom> values, ReadOnlySpan<int> to) where TFrom : unmanaged, IBinaryInteger<TFrom>, IMinMaxValue<TFrom>
    {
        switch (_frame.Bytes)
        {
            case 1: Pack(values, to, _packed.Pointer); break;
            case 2: Pack(values, to, (ushort*)_packed.Pointer); break;
            default: Pack(values, to, (uint*)_packed.Pointer); break;
        }
    }

    private void Pack<TFrom, TPacked>(ReadOnlySpan<TFrom> values, ReadOnlySpan<int> to, TPacked* packed)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IMinMaxValue<TFrom>
        where TPacked : unmanaged, IBinaryInteger<TPacked>
    {
        NumberFrame frame = _frame;
        if (frame is { Unit: 1, HasMissing: false })
        {
            for (int row = 0; row < values.Length; row++)
                packed[to[row]] = TPacked.CreateTruncating(long.CreateTruncating(values[row]) - frame.Base);
            return;
        }
        for (int row = 0; row < values.Length; row++)
            packed[to[row]] = TPacked.CreateTruncating(values[row] == TFrom.MinValue ? frame.Pack(long.MinValue) : frame.Pack(long.CreateTruncating(values[row])));
    }
}
