using System.Buffers;
using System.Globalization;

namespace ChurnEngine.Scoring;

/// <summary>How the scores of a job are distributed.</summary>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
/// <param name="Quantiles">Score below or at which that share of the rows lies, by names such as "p50"; within 0.4% of the exact one.</param>
public sealed record ScoreSummary(double Mean, double Min, double Max, IReadOnlyDictionary<string, double> Quantiles)
{
    /// <summary>All of it by name: mean, min, max and the quantiles.</summary>
    public Dictionary<string, double> ToDictionary() => new(Quantiles) { ["mean"] = Mean, ["min"] = Min, ["max"] = Max };
}

/// <summary>Counts scores by the upper half of their float32 (a bfloat16: sign, exponent, seven bits), so that quantiles of any number of parts can be had from the parts' own counts.</summary>
/// <remarks>Determinism: parts merged in their order give the same numbers, whoever computed them. Memory: 256 kB while counting; what is kept is as long as there are distinct keys.</remarks>
internal sealed record ScoreSketch
{
    private const int Keys = 1 << 16;
    private static readonly int[] s_percentiles = [1, 5, 10, 25, 50, 75, 90, 95, 99];

    public long Count { get; init; }

    public double Sum { get; init; }

    public float Min { get; init; }

    public float Max { get; init; }

    /// <summary>Key and count by turns, keys ascending.</summary>
    public IReadOnlyList<long> Counts { get; init; } = [];

    /// <summary>Counts scores, which must be finite.</summary>
    public static ScoreSketch Of(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty)
            return new ScoreSketch();
        int[] counts = ArrayPool<int>.Shared.Rent(Keys);
        counts.AsSpan(0, Keys).Clear();
        double sum = 0;
        (float min, float max) = (scores[0], scores[0]);
        foreach (float score in scores)
        {
            counts[KeyOf(score)]++;
            sum += score;
            min = Math.Min(min, score);
            max = Math.Max(max, score);
        }
        List<long> pairs = [];
        for (int key = 0; key < Keys; key++)
        {
            if (counts[key] > 0)
                pairs.AddRange([key, counts[key]]);
        }
        ArrayPool<int>.Shared.Return(counts);
        return new ScoreSketch { Count = scores.Length, Sum = sum, Min = min, Max = max, Counts = pairs };
    }

    /// <summary>Summary of all rows of several parts; null when there are none.</summary>
    public static ScoreSummary? Summarise(IEnumerable<ScoreSketch> parts)
    {
        long[] counts = new long[Keys];
        long rows = 0;
        double sum = 0;
        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (ScoreSketch part in parts.Where(part => part.Count > 0))
        {
            for (int i = 0; i + 1 < part.Counts.Count; i += 2)
                counts[part.Counts[i]] += part.Counts[i + 1];
            (rows, sum, min, max) = (rows + part.Count, sum + part.Sum, Math.Min(min, part.Min), Math.Max(max, part.Max));
        }
        if (rows == 0)
            return null;
        var quantiles = new Dictionary<string, double>();
        foreach (int percent in s_percentiles)
            quantiles.Add($"p{percent.ToString(CultureInfo.InvariantCulture)}", Quantile(counts, (rows * percent + 99) / 100, min, max));
        return new ScoreSummary(sum / rows, min, max, quantiles);
    }

    // The score of a rank, 1 and up: the middle of the key in which it falls.
    private static float Quantile(long[] counts, long rank, float min, float max)
    {
        int key = -1;
        for (long below = 0; below < rank; below += counts[key])
            key++;
        return Math.Clamp(ScoreOf(key), min, max);
    }

    // Of a negative number all bits but the sign are turned, so that the order of the integers is that of the floats.
    private static int KeyOf(float score)
    {
        int bits = BitConverter.SingleToInt32Bits(score);
        return ((bits ^ ((bits >> 31) & int.MaxValue)) >> 16) + Keys / 2;
    }

    private static float ScoreOf(int key)
    {
        int bits = ((key - Keys / 2) << 16) | 0x8000;
        return BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue));
    }
}
