using System.Buffers;
using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Maps the values of one feature to bins: 0..ValueBins-1 for values, ValueBins for missing.</summary>
/// <remarks>
/// Numeric: bin b holds the values x with <c>UpperEdges[b-1] &lt; x &lt;= UpperEdges[b]</c>, so a split after bin b is the split
/// <c>x &lt;= UpperEdges[b]</c>, decided on float32 values. Categorical: bin b holds the code <c>Codes[b]</c>, ascending; the last value bin holds
/// whatever is no such code: rare, unknown, negative or broken. No split ever names that bin.
/// </remarks>
internal sealed class BinMapper
{
    private readonly float[] _search;
    private readonly byte[] _binOfCode;

    private BinMapper(FeatureKind kind, float[] upperEdges, int[] codes, bool isUsable)
    {
        Kind = kind;
        UpperEdges = upperEdges;
        Codes = codes;
        IsUsable = isUsable;
        ValueBins = kind == FeatureKind.Numeric ? upperEdges.Length : codes.Length + 1;
        _search = EdgeSearchKernel.Lay(upperEdges);
        _binOfCode = new byte[codes.Length == 0 ? 0 : codes[^1] + 1];
        _binOfCode.AsSpan().Fill((byte)codes.Length);
        for (int bin = 0; bin < codes.Length; bin++)
            _binOfCode[codes[bin]] = (byte)bin;
    }

    public FeatureKind Kind { get; }

    /// <summary>[ValueBins] upper edge of each numeric bin, the last infinite; empty for a categorical feature.</summary>
    public float[] UpperEdges { get; }

    /// <summary>[ValueBins - 1] code of each categorical bin but the last; empty for a numeric feature.</summary>
    public int[] Codes { get; }

    /// <summary>Bins for values, 1 to 255.</summary>
    public int ValueBins { get; }

    /// <summary>All bins; the last is for missing values.</summary>
    public int BinCount => ValueBins + 1;

    /// <summary>The bin of NaN.</summary>
    public byte MissingBin => (byte)ValueBins;

    /// <summary>True when the sample fell into at least two bins, so that a split is thinkable.</summary>
    public bool IsUsable { get; }

    /// <summary>Learns the bins of one feature from a sample of its values.</summary>
    /// <param name="kind">Numeric or categorical.</param>
    /// <param name="sample">Values, NaN where missing; not kept in order.</param>
    /// <param name="maxBins">2 to 255.</param>
    public static BinMapper Fit(FeatureKind kind, Span<float> sample, int maxBins)
    {
        Span<float> values = SortPresent(sample);
        int missing = sample.Length - values.Length;
        bool twoValues = values.Length > 0 && (missing > 0 || values[0] != values[^1]);
        return kind == FeatureKind.Numeric
            ? new BinMapper(kind, NumericEdges.Place(values, maxBins), [], twoValues)
            : new BinMapper(kind, [], CategoryCodes.MostFrequent(values, maxBins - 1), twoValues);
    }

    /// <summary>The bin of one value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte BinOf(float value)
    {
        if (float.IsNaN(value))
            return MissingBin;
        return Kind == FeatureKind.Numeric ? EdgeSearchKernel.CountBelow(_search, value) : BinOfCode(value);
    }

    /// <summary>Maps a run of values of this feature, <paramref name="stride"/> apart, to bins side by side.</summary>
    public unsafe void Map(float* values, int stride, Span<byte> bins)
    {
        if (Kind == FeatureKind.Numeric)
        {
            EdgeSearchKernel.Run(values, stride, _search, MissingBin, bins);
            return;
        }
        for (int row = 0; row < bins.Length; row++)
        {
            float value = values[(long)row * stride];
            bins[row] = float.IsNaN(value) ? MissingBin : BinOfCode(value);
        }
    }

    // The values that are there, ascending, at the front of the sample.
    private static Span<float> SortPresent(Span<float> sample)
    {
        uint[] keys = ArrayPool<uint>.Shared.Rent(sample.Length);
        int count = 0;
        foreach (float value in sample)
        {
            // -0 and +0 are equal to every comparison, and must not look like two values.
            if (!float.IsNaN(value))
                keys[count++] = KeySort.OfFloat(value + 0f);
        }
        keys = KeySort.Run(keys, count);
        for (int i = 0; i < count; i++)
            sample[i] = KeySort.ToFloat(keys[i]);
        ArrayPool<uint>.Shared.Return(keys);
        return sample[..count];
    }

    private byte BinOfCode(float value)
    {
        int code = (int)value;
        return code == value && (uint)code < (uint)_binOfCode.Length ? _binOfCode[code] : (byte)Codes.Length;
    }
}
