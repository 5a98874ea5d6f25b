using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>How whole numbers of a column lie in fewer bytes: each as its distance from a base, in multiples of a unit.</summary>
/// <param name="Base">What a packed 0 stands for.</param>
/// <param name="Unit">1; or 1,000 or 1,000,000, of which instants are multiples that carry no more than milliseconds or seconds.</param>
/// <param name="Bytes">Bytes of a packed value: 1, 2, 4; 8 where nothing is gained.</param>
/// <param name="HasMissing">A packed 0 stands for <see cref="long.MinValue"/> instead.</param>
/// <remarks>Source: frame-of-reference encoding, Goldstein, Ramakrishnan, Shaft, "Compressing relations and indexes", ICDE 1998.</remarks>
internal readonly record struct NumberFrame(long Base, long Unit, int Bytes, bool HasMissing)
{
    private const long Milli = 1_000, Second = 1_000_000;

    /// <summary>The narrowest frame of some values.</summary>
    public static NumberFrame Of<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        (long least, long most) = (long.MaxValue, long.MinValue);
        int missing = 0;
        foreach (T value in values)
        {
            long number = long.CreateTruncating(value);
            missing += number == long.MinValue ? 1 : 0;
            least = Math.Min(least, number == long.MinValue ? long.MaxValue : number);
            most = Math.Max(most, number);
        }
        if (missing == values.Length)
            return new NumberFrame(long.MinValue, 1, 1, false);
        // One more below the least for what is missing.
        ulong range = (ulong)(most - least);
        bool hasMissing = missing > 0;
        if (range > long.MaxValue || (hasMissing && least == long.MinValue + 1))
            return new NumberFrame(0, 1, sizeof(long), false);
        long unit = Width(range, hasMissing) <= sizeof(uint) || hasMissing ? 1 : UnitOf(values, range);
        return new NumberFrame(hasMissing ? least - 1 : least, unit, Width(range / (ulong)unit, hasMissing), hasMissing);
    }

    public uint Pack(long value) => HasMissing && value == long.MinValue ? 0 : (uint)((ulong)(value - Base) / (ulong)Unit);

    public long Unpack(uint packed) => HasMissing && packed == 0 ? long.MinValue : unchecked(Base + packed * Unit);

    // Instants are multiples of a unit all or, mostly, not even the first few.
    private static long UnitOf<T>(ReadOnlySpan<T> values, ulong range) where T : unmanaged, IBinaryInteger<T> =>
        range / Second <= uint.MaxValue && AreMultiples(values, T.CreateSaturating(Second)) ? Second
        : range / Milli <= uint.MaxValue && AreMultiples(values, T.CreateSaturating(Milli)) ? Milli : 1;

    private static bool AreMultiples<T>(ReadOnlySpan<T> values, T unit) where T : unmanaged, IBinaryInteger<T>
    {
        foreach (T value in values)
        {
            if (value % unit != T.Zero)
                return false;
        }
        return true;
    }

    private static int Width(ulong range, bool hasMissing)
    {
        ulong most = range + (hasMissing ? 1UL : 0);
        return most <= byte.MaxValue ? 1 : most <= ushort.MaxValue ? 2 : most <= uint.MaxValue ? 4 : 8;
    }
}

/// <summary>Whole numbers in as few bytes as those of the run allow.</summary>
internal sealed unsafe class PackedRunColumn<T> : RunColumn<T> where T : unmanaged, IBinaryInteger<T>
{
    private readonly NumberFrame _frame;
    private readonly NativeBuffer<byte> _packed;

    /// <param name="values">[n] values in the order they came.</param>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="frame">Of the values; of fewer bytes than they have.</param>
    public PackedRunColumn(ReadOnlySpan<T> values, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame)
        : base(bounds)
    {
        _frame = frame;
        _packed = NativeBuffer<byte>.Allocate((long)values.Length * frame.Bytes);
        switch (frame.Bytes)
        {
            case 1: Pack(values, to, _packed.Pointer); break;
            case 2: Pack(values, to, (ushort*)_packed.Pointer); break;
            default: Pack(values, to, (uint*)_packed.Pointer); break;
        }
    }

    public override long Bytes => _packed.Length;

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
        int first = Bounds.Start(bucket);
        switch (_frame.Bytes)
        {
            case 1: Unpack(_packed.Pointer + first, rows); break;
            case 2: Unpack((ushort*)_packed.Pointer + first, rows); break;
            default: Unpack((uint*)_packed.Pointer + first, rows); break;
        }
    }

    private void Pack<TPacked>(ReadOnlySpan<T> values, ReadOnlySpan<int> to, TPacked* packed) where TPacked : unmanaged, IBinaryInteger<TPacked>
    {
        NumberFrame frame = _frame;
        if (frame is { Unit: 1, HasMissing: false })
        {
            for (int row = 0; row < values.Length; row++)
                packed[to[row]] = TPacked.CreateTruncating(long.CreateTruncating(values[row]) - frame.Base);
            return;
        }
        for (int row = 0; row < values.Length; row++)
            packed[to[row]] = TPacked.CreateTruncating(frame.Pack(long.CreateTruncating(values[row])));
    }

    private void Unpack<TPacked>(TPacked* packed, Span<T> rows) where TPacked : unmanaged, IBinaryInteger<TPacked>
    {
        NumberFrame frame = _frame;
        if (frame.HasMissing)
        {
            for (int row = 0; row < rows.Length; row++)
                rows[row] = T.CreateTruncating(frame.Unpack(uint.CreateTruncating(packed[row])));
            return;
        }
        for (int row = 0; row < rows.Length; row++)
            rows[row] = T.CreateTruncating(frame.Base + long.CreateTruncating(packed[row]) * frame.Unit);
    }
}
