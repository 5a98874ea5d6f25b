using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace ChurnEngine.Features;

/// <summary>How whole numbers of a column lie in fewer bytes: each as its distance from the least, in multiples of a unit.</summary>
/// <remarks>Source: frame-of-reference encoding, Goldstein, Ramakrishnan, Shaft, "Compressing relations and indexes", ICDE 1998.</remarks>
internal readonly record struct NumberFrame
{
    private const long Milli = 1_000, Second = 1_000_000;

    /// <param name="least">Least value; above <paramref name="most"/> when there is none.</param>
    /// <param name="most">Greatest value.</param>
    /// <param name="unit">All values are multiples of it, a power of ten: 1,000 or 1,000,000 of instants that carry no more than milliseconds or seconds, 100 of sums in cents.</param>
    /// <param name="hasMissing">Whether some are missing, which is <see cref="long.MinValue"/>; a packed 0 stands for it then.</param>
    public NumberFrame(long least, long most, long unit, bool hasMissing)
    {
        (Least, Most, Unit, HasMissing) = (least, most, unit, hasMissing);
        _perUnit = 1.0 / unit;
        Base = hasMissing ? unchecked(least - unit) : least;
        ulong range = least > most ? 0 : (ulong)(most - least) / (ulong)unit;
        Bytes = range < byte.MaxValue ? 1 : range < ushort.MaxValue ? 2 : range < uint.MaxValue ? 4 : 8;
    }

    // 1 over the unit.
    private readonly double _perUnit;

    public long Least { get; }
    public long Most { get; }
    public long Unit { get; }
    public bool HasMissing { get; }

    /// <summary>What a packed 0 stands for, where nothing is missing.</summary>
    public long Base { get; }

    /// <summary>Bytes of a packed value: 1, 2, 4; 8 where packing gains nothing.</summary>
    public int Bytes { get; }

    /// <summary>The frame of no value.</summary>
    public static NumberFrame None { get; } = new(long.MaxValue, long.MinValue, Second, false);

    /// <summary>The narrowest frame of some values.</summary>
    public static NumberFrame Of<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        if (values.IsEmpty)
            return None;
        (long least, long most) = (long.CreateTruncating(TensorPrimitives.Min(values)), long.CreateTruncating(TensorPrimitives.Max(values)));
        bool hasMissing = least == long.MinValue;
        if (hasMissing)
            (least, most) = RangeOfPresent(values);
        var frame = new NumberFrame(least, most, 1, hasMissing);
        // Instants are multiples of a unit all or, mostly, not even the first few.
        foreach (long unit in frame.Bytes <= sizeof(uint) || hasMissing ? [] : (ReadOnlySpan<long>)[Second, Milli])
        {
            var coarse = new NumberFrame(least, most, unit, hasMissing);
            if (coarse.Bytes <= sizeof(uint) && AreMultiples(values, unit))
                return coarse;
        }
        return frame;
    }

    /// <summary>A frame that holds what both hold.</summary>
    public NumberFrame Unite(NumberFrame other) =>
        new(Math.Min(Least, other.Least), Math.Max(Most, other.Most), Math.Min(Unit, other.Unit), HasMissing || other.HasMissing);

    /// <summary>The narrowest frame of values whose range is known.</summary>
    /// <param name="values">[n] values; <see cref="int.MinValue"/> is missing.</param>
    /// <param name="range">Their frame by ones.</param>
    public static NumberFrame OfNarrow(ReadOnlySpan<int> values, NumberFrame range)
    {
        if (range.Bytes == 1)
            return range;
        // Amounts are kept to four decimals and mostly have two; of others not even the first few are multiples.
        foreach (int unit in (ReadOnlySpan<int>)[10_000, 1_000, 100, 10])
        {
            var coarse = new NumberFrame(range.Least, range.Most, unit, range.HasMissing);
            if (coarse.Bytes < range.Bytes && AreMultiples(values, unit))
                return coarse;
        }
        return range;
    }

    /// <summary>The frame of so many times the values.</summary>
    public NumberFrame Times(long factor) => Least > Most ? this : new(Least * factor, Most * factor, Unit, HasMissing);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Pack(long value)
    {
        if (HasMissing && value == long.MinValue)
            return 0;
        ulong distance = unchecked((ulong)(value - Base));
        // A multiple of the unit of less than 2^53: the product is off by far less than a half. Dividing takes some twenty cycles.
        return Unit == 1 ? (uint)distance : (uint)(long)((long)distance * _perUnit + 0.5);
    }

    public long Unpack(uint packed) => HasMissing && packed == 0 ? long.MinValue : unchecked(Base + packed * Unit);

    /// <summary>Writes the values of consecutive rows of a packed column.</summary>
    public unsafe void Unpack<T>(byte* packed, int first, Span<T> rows) where T : unmanaged, IBinaryInteger<T>
    {
        switch (Bytes)
        {
            case 1: Unpack(new ReadOnlySpan<byte>(packed + first, rows.Length), rows); break;
            case 2: Unpack(new ReadOnlySpan<ushort>((ushort*)packed + first, rows.Length), rows); break;
            default: Unpack(new ReadOnlySpan<uint>((uint*)packed + first, rows.Length), rows); break;
        }
    }

    private void Unpack<TPacked, T>(ReadOnlySpan<TPacked> packed, Span<T> rows) where TPacked : unmanaged, IBinaryInteger<TPacked> where T : unmanaged, IBinaryInteger<T>
    {
        (long start, long unit) = (Base, Unit);
        if (HasMissing)
        {
            for (int row = 0; row < rows.Length; row++)
                rows[row] = packed[row] == TPacked.Zero ? T.CreateTruncating(long.MinValue) : T.CreateTruncating(start + long.CreateTruncating(packed[row]) * unit);
        }
        else if (unit == 1)
        {
            for (int row = 0; row < rows.Length; row++)
                rows[row] = T.CreateTruncating(start + long.CreateTruncating(packed[row]));
        }
        else
        {
            for (int row = 0; row < rows.Length; row++)
                rows[row] = T.CreateTruncating(start + long.CreateTruncating(packed[row]) * unit);
        }
    }

    private static (long Least, long Most) RangeOfPresent<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        (long least, long most) = (long.MaxValue, long.MinValue);
        foreach (T value in values)
        {
            long number = long.CreateTruncating(value);
            if (number == long.MinValue)
                continue;
            least = Math.Min(least, number);
            most = Math.Max(most, number);
        }
        return (least, most);
    }

    private static bool AreMultiples(ReadOnlySpan<int> values, int unit)
    {
        foreach (int value in values)
        {
            // By a constant: dividing by anything else takes ten cycles and more.
            int rest = unit switch
            {
                100 => value % 100,
                10_000 => value % 10_000,
                1_000 => value % 1_000,
                _ => value % 10,
            };
            if (rest != 0 && value != int.MinValue)
                return false;
        }
        return true;
    }

    private static bool AreMultiples<T>(ReadOnlySpan<T> values, long unit) where T : unmanaged, IBinaryInteger<T>
    {
        foreach (T value in values)
        {
            long whole = long.CreateTruncating(value);
            if ((unit == Second ? whole % Second : whole % Milli) != 0)
                return false;
        }
        return true;
    }
}
