using System.Globalization;

namespace ChurnEngine.Pipeline;

/// <summary>The quarters of a sample of numbers, with names that say their bounds.</summary>
internal sealed class ValueQuarters
{
    private static readonly double[] s_shares = [0.25, 0.5, 0.75];
    private readonly float[] _edges;

    /// <summary>Takes the edges from a sample; values that many rows share may leave fewer than four.</summary>
    /// <param name="values">Any order; what is not finite is left out.</param>
    public ValueQuarters(float[] values)
    {
        float[] sorted = [.. values.Where(float.IsFinite).Order()];
        _edges = sorted.Length == 0 ? [] : [.. s_shares.Select(share => sorted[(int)(share * (sorted.Length - 1))]).Distinct().Where(edge => edge < sorted[^1])];
        Names = sorted.Length == 0 ? [] : _edges.Length == 0 ? [Text(sorted[0])]
            : [$"up to {Text(_edges[0])}", .. Enumerable.Range(1, _edges.Length - 1).Select(i => $"{Text(_edges[i - 1])} to {Text(_edges[i])}"), $"above {Text(_edges[^1])}"];
    }

    /// <summary>One to four names, from low to high; none of a sample without values.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Which of them a value belongs to; -1 for one that is not finite.</summary>
    public int IndexOf(float value) => float.IsFinite(value) && Names.Count > 0 ? _edges.Count(edge => value > edge) : -1;

    /// <summary>A value as names say it.</summary>
    public static string Text(float value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
