namespace ChurnEngine.Trainer;

/// <summary>Features in which the margin may only rise, or only fall, all else being equal.</summary>
/// <remarks>
/// A split on such a feature is taken only when its children's values are in order, and every leaf below stays on its side of their middle: so the order holds for the whole tree, and for sums of trees.
/// Missing values stand outside the order. Source: the basic method of LightGBM; Auguste et al. 2020.
/// </remarks>
public sealed class MonotoneConstraints
{
    internal const string Form = "names of numeric features with 1 (rises) or -1 (falls), such as { tenure: -1, failures: 1 }";
    private readonly SortedDictionary<string, int> _directions;

    private MonotoneConstraints(SortedDictionary<string, int> directions) => _directions = directions;

    /// <summary>The features that are constrained.</summary>
    public IReadOnlyCollection<string> Names => _directions.Keys;

    /// <summary>Feature names with 1 or -1; 0 means nothing.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/> on another direction.</remarks>
    public static MonotoneConstraints Of(IEnumerable<KeyValuePair<string, int>> directions)
    {
        ArgumentNullException.ThrowIfNull(directions);
        var map = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, int direction) in directions)
        {
            if (direction is < -1 or > 1)
                throw new ArgumentException($"direction {direction} of '{name}' is none of -1, 0, 1", nameof(directions));
            map[name] = direction;
        }
        return new MonotoneConstraints(map);
    }

    /// <summary>Reads <c>tenure: -1, failures: 1</c>, with or without braces; null when it is something else.</summary>
    public static MonotoneConstraints? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var map = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string entry in text.Trim('{', '}', ' ').Split(',', StringSplitOptions.TrimEntries))
        {
            int colon = entry.LastIndexOf(':');
            int? direction = colon <= 0 ? null : entry[(colon + 1)..].Trim() switch { "1" or "+1" => 1, "-1" => -1, "0" => 0, _ => null };
            if (direction is null || !map.TryAdd(entry[..colon].Trim().Trim('"', '\''), direction.Value))
                return null;
        }
        return new MonotoneConstraints(map);
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() => string.Join(", ", _directions.Select(one => $"{one.Key}: {one.Value}"));

    /// <summary>[F] direction of each feature.</summary>
    /// <remarks>Errors: CE4007 for a name that no feature has, or a categorical one.</remarks>
    internal int[] DirectionsOf(IReadOnlyList<Columns.FeatureInfo> features)
    {
        int[] directions = new int[features.Count];
        foreach ((string name, int direction) in _directions)
        {
            int feature = FeatureNames.Find(features, name, nameof(BoosterOptions.MonotoneConstraints));
            if (features[feature].Kind != Columns.FeatureKind.Numeric)
                throw TrainerErrors.OptionOutOfRange(nameof(BoosterOptions.MonotoneConstraints), "numeric features: categories have no order", name);
            directions[feature] = direction;
        }
        return directions;
    }
}
