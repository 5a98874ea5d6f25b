using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>A condition on scored customers: features and scores, compared and joined by <c>and</c>, <c>or</c> and <c>not</c>.</summary>
/// <remarks>
/// The arithmetic is that of <c>expr:</c> in a plan; numbers compare by = != &lt; &lt;= &gt; &gt;=, categories by =, !=, in and not in. A missing value makes a comparison
/// neither true nor false, as in SQL, and a row is taken when the whole is true. Values are float32, and compare as double: 0.3 in the text is the double nearest to it.
/// Thread-safe. Memory: nothing a row.</remarks>
public sealed class RowFilter
{
    // Every sign more may be a level deeper of the tree that each row descends.
    private const int LongestText = 10_000;
    private readonly Expression _condition;
    private readonly int[] _features;
    private readonly int _featureCount;

    private RowFilter(Expression condition, IReadOnlyList<string> names, int featureCount)
    {
        (_condition, _featureCount) = (condition, featureCount);
        _features = [.. condition.Inputs.Where(input => input < featureCount).Distinct()];
        Canonical = condition.Text(index => names[index]);
    }

    /// <summary>One text for all ways to write the same condition.</summary>
    public string Canonical { get; }

    /// <summary>Reads a condition such as <c>probability &gt;= 0.5 and (tenure &gt; 3 or Contract in ("One year", "Two year"))</c>.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="place">Where, for errors.</param>
    /// <param name="features">The F features that may be named.</param>
    /// <param name="scores">One or two names of scores, which hide features called so.</param>
    /// <param name="isOpen">True where categories are those of tonight's rows alone: a text that is none of them is no mistake, and nobody has it.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3001 for what cannot be read, CE3002 for an unknown name.</remarks>
    public static RowFilter Parse(string text, string place, IReadOnlyList<FeatureInfo> features, IReadOnlyList<string> scores, bool isOpen = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(scores);
        if (text.Length > LongestText)
            throw FeaturesErrors.Syntax(new Mark(place, 0), $"a condition of {text.Length:N0} signs is too long", $"write it in {LongestText:N0}: join a table with the customers to take instead");
        string[] names = [.. features.Select(feature => feature.Name), .. scores];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (i >= features.Count || features[i].Kind == FeatureKind.Numeric)
                numbers.TryAdd(names[i], i);
        }
        var categories = new Dictionary<string, (int, IReadOnlyList<string>)>(StringComparer.Ordinal);
        for (int i = 0; i < features.Count; i++)
        {
            if (features[i].Kind == FeatureKind.Categorical && !numbers.ContainsKey(names[i]))
                categories.TryAdd(names[i], (i, features[i].Categories));
        }
        return new RowFilter(new FilterParser(text, new Mark(place, 0), numbers, categories, isOpen).Parse(), names, features.Count);
    }

    /// <summary>The rows that meet the condition, ascending.</summary>
    /// <param name="matrix">[N, F] features.</param>
    /// <param name="first">[N] values of the first score.</param>
    /// <param name="second">[N] values of the second; not looked at when there is one.</param>
    public int[] Select(FeatureMatrix matrix, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int[] rows = new int[first.Length];
        int taken = 0;
        double[] values = new double[_featureCount + 2];
        for (int row = 0; row < first.Length; row++)
        {
            ReadOnlySpan<float> features = matrix.Row(row);
            foreach (int feature in _features)
                values[feature] = features[feature];
            (values[^2], values[^1]) = (first[row], second[row]);
            // NaN, which is neither, is not above zero; nor is a negative number a truth.
            if (_condition.Evaluate(values) > 0)
                rows[taken++] = row;
        }
        return rows[..taken];
    }
}
