using System.Numerics;

namespace ChurnEngine.Columns;

/// <summary>Numbers and times of layouts that the engine does not hold, turned into those it does.</summary>
internal static class NumberDecoding
{
    private const long MicrosPerSecond = 1_000_000;
    private const long NanosPerMicro = 1000;

    /// <summary>Each value as it is, in a wider type.</summary>
    public static NativeBuffer<TWide> Widen<TNarrow, TWide>(ReadOnlySpan<TNarrow> values)
        where TNarrow : unmanaged, INumberBase<TNarrow>
        where TWide : unmanaged, INumberBase<TWide>
    {
        NativeBuffer<TWide> wide = NativeBuffer<TWide>.Allocate(values.Length);
        Span<TWide> target = wide.Span;
        for (int i = 0; i < target.Length; i++)
            target[i] = TWide.CreateTruncating(values[i]);
        return wide;
    }

    /// <summary>The first row that has a value and whose value, read as unsigned, is above the largest int64; or -1.</summary>
    public static int FirstBeyondInt64(ReadOnlySpan<long> values, ReadOnlySpan<byte> validity)
    {
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] < 0 && IsValid(validity, row))
                return row;
        }
        return -1;
    }

    /// <summary>Seconds to microseconds; a null row becomes 0.</summary>
    /// <returns>The first row that has a value beyond the range, or -1.</returns>
    public static int SecondsToMicros(ReadOnlySpan<long> seconds, ReadOnlySpan<byte> validity, Span<long> micros)
    {
        for (int row = 0; row < seconds.Length; row++)
        {
            bool fits = seconds[row] is >= long.MinValue / MicrosPerSecond and <= long.MaxValue / MicrosPerSecond;
            if (!fits && IsValid(validity, row))
                return row;
            micros[row] = fits ? seconds[row] * MicrosPerSecond : 0;
        }
        return -1;
    }

    /// <summary>Nanoseconds to the microsecond that they lie in: rounded down, also before 1970, so that order is kept.</summary>
    public static void NanosToMicros(ReadOnlySpan<long> nanos, Span<long> micros)
    {
        for (int row = 0; row < nanos.Length; row++)
        {
            long whole = nanos[row] / NanosPerMicro;
            micros[row] = whole * NanosPerMicro > nanos[row] ? whole - 1 : whole;
        }
    }

    /// <summary>64-bit codes as 32-bit ones; what does not fit becomes -1, which no dictionary has.</summary>
    public static NativeBuffer<int> NarrowCodes(ReadOnlySpan<long> codes)
    {
        NativeBuffer<int> narrow = NativeBuffer<int>.Allocate(codes.Length);
        Span<int> target = narrow.Span;
        for (int row = 0; row < target.Length; row++)
            target[row] = codes[row] is >= 0 and <= int.MaxValue ? (int)codes[row] : -1;
        return narrow;
    }

    public static bool IsValid(ReadOnlySpan<byte> validity, int row) => validity.IsEmpty || Bitmap.Get(validity, row);
}
