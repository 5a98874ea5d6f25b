using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>A level of risk.</summary>
/// <param name="Name">As the column <c>risk</c> says it; not empty.</param>
/// <param name="From">Probability that it begins at, 0..1; it ends where the next one begins.</param>
public sealed record RiskBand(string Name, double From);

/// <summary>Names for ranges of the probability of churn: the column <c>risk</c>.</summary>
public sealed class RiskBands
{
    /// <summary>Name of the column.</summary>
    public const string ColumnName = "risk";

    /// <summary>How they are written on the command line.</summary>
    public const string Example = "low=0,medium=0.3,high=0.6";

    private readonly byte[][] _names;
    private readonly float[] _from;

    /// <summary>Makes them of names and cuts, in any order.</summary>
    /// <param name="levels">At least one; names and cuts differ.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6011.</remarks>
    public RiskBands(params IEnumerable<RiskBand> levels)
    {
        RiskBand[] sorted = [.. levels.OrderBy(level => level.From)];
        if (sorted.Length == 0)
            throw ScoringErrors.BadRisk("no level", "");
        foreach (RiskBand level in sorted)
        {
            if (string.IsNullOrWhiteSpace(level.Name))
                throw ScoringErrors.BadRisk("a level without a name", $"={Text(level.From)}");
            if (!(level.From is >= 0 and <= 1))
                throw ScoringErrors.BadRisk($"level '{level.Name}' does not begin between 0 and 1", Text(level.From));
        }
        if (sorted.GroupBy(level => level.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw ScoringErrors.BadRisk($"level '{twice.Key}' is named twice", twice.Key);
        if (sorted.GroupBy(level => (float)level.From).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw ScoringErrors.BadRisk("two levels begin at the same probability", Text(same.Key));
        Levels = sorted;
        _names = [.. sorted.Select(level => Encoding.UTF8.GetBytes(level.Name))];
        // As float32, like the probabilities: what prints as 0.7 reaches a level that begins at 0.7.
        _from = [.. sorted.Select(level => (float)level.From)];
    }

    /// <summary>By ascending probability.</summary>
    public IReadOnlyList<RiskBand> Levels { get; }

    /// <summary>Reads <c>low=0,medium=0.3,high=0.6</c>.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6011.</remarks>
    public static RiskBands Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<RiskBand> levels = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.LastIndexOf('=');
            if (equals < 0)
                throw ScoringErrors.BadRisk("a level is written name=probability", part);
            levels.Add(Level(part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart()));
        }
        return new RiskBands(levels);
    }

    /// <summary>Reads one level whose cut is text.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6011.</remarks>
    public static RiskBand Level(string name, string from) =>
        double.TryParse(from, NumberStyles.Float, CultureInfo.InvariantCulture, out double cut)
            ? new RiskBand(name, cut)
            : throw ScoringErrors.BadRisk($"level '{name}' does not begin at a number", from);

    /// <summary>One text for all ways to write the same levels.</summary>
    public override string ToString() => string.Join(',', Levels.Select(level => $"{level.Name}={Text(level.From)}"));

    /// <summary>Position of a probability's level in <see cref="Levels"/>; -1 below the lowest.</summary>
    /// <param name="probability">0..1; NaN has no level.</param>
    public int Find(float probability)
    {
        int level = -1;
        while (level + 1 < _from.Length && probability >= _from[level + 1])
            level++;
        return level;
    }

    /// <summary>The column of a batch.</summary>
    /// <param name="probability">[N] 0..1.</param>
    /// <returns>[N] names, null below the lowest level; the caller disposes it.</returns>
    internal Utf8Column ColumnOf(ReadOnlySpan<float> probability)
    {
        using var column = new Utf8Builder();
        foreach (float p in probability)
        {
            if (Find(p) is >= 0 and int level)
                column.Append(_names[level]);
            else
                column.AppendNull();
        }
        return column.Build();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
