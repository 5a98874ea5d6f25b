namespace ChurnEngine.Models;

/// <summary>How a model's outputs were distributed over customers whom it was not trained on: what later ones are held against.</summary>
/// <param name="UpperEdges">[B - 1] ascending upper edges of bins of about equal mass; the last bin is open.</param>
/// <param name="Shares">[B] share of the rows in each, 0..1.</param>
/// <param name="Mean">Mean output.</param>
/// <param name="Deviation">Its standard deviation.</param>
/// <param name="Rows">N, above 0.</param>
public sealed record ScoreDistribution(float[] UpperEdges, double[] Shares, double Mean, double Deviation, long Rows)
{
    private const int Bins = 20;

    /// <summary>The distribution of outputs.</summary>
    /// <param name="predicted">[N] probabilities or values, no NaN.</param>
    /// <returns>Null without rows.</returns>
    public static ScoreDistribution? Of(ReadOnlySpan<float> predicted)
    {
        if (predicted.IsEmpty)
            return null;
        float[] sorted = predicted.ToArray();
        Array.Sort(sorted);
        float[] edges = [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[(int)((long)i * sorted.Length / Bins)]).Distinct().Where(edge => edge < sorted[^1])];
        var empty = new ScoreDistribution(edges, new double[edges.Length + 1], 0, 0, sorted.Length);
        double mean = 0, squares = 0;
        foreach (float value in sorted)
        {
            empty.Shares[empty.BinOf(value)]++;
            mean += value;
        }
        mean /= sorted.Length;
        foreach (float value in sorted)
            squares += (value - mean) * (value - mean);
        return empty with { Shares = [.. empty.Shares.Select(count => count / sorted.Length)], Mean = mean, Deviation = Math.Sqrt(squares / sorted.Length) };
    }

    /// <summary>The bin of an output: the first whose upper edge is not below it.</summary>
    public int BinOf(float value)
    {
        int at = Array.BinarySearch(UpperEdges, value);
        return at >= 0 ? at : ~at;
    }
}
