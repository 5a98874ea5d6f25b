using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

/// <summary>How reasons are chosen.</summary>
public sealed record ReasonOptions
{
    /// <summary>The most reasons a row gets, 1 and up.</summary>
    public int Count { get; init; } = 3;

    /// <summary>Whether they say why the risk is high or why it is low.</summary>
    public ReasonDirection Direction { get; init; } = ReasonDirection.Raises;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public void Validate() => ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
}

/// <summary>Turns the contributions of a row into the few reasons worth telling. Thread-safe.</summary>
/// <remarks>Features of one <see cref="FeatureInfo.Family"/> tell one fact: their contributions are summed, and the member that moves the risk most speaks.</remarks>
public sealed class ReasonWriter
{
    private const int StackFamilies = 256;

    private readonly IReadOnlyList<FeatureInfo> _features;
    private readonly ReasonOptions _options;
    private readonly int[] _family;
    private readonly int _families;

    /// <summary>Prepares the families of the features.</summary>
    /// <param name="features">F features in column order.</param>
    /// <param name="options">How many reasons, and in which direction.</param>
    public ReasonWriter(IReadOnlyList<FeatureInfo> features, ReasonOptions options)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _features = features;
        _options = options;
        _family = new int[features.Count];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int feature = 0; feature < features.Count; feature++)
        {
            string name = features[feature].Family;
            if (name.Length > 0 && known.TryGetValue(name, out int family))
            {
                _family[feature] = family;
                continue;
            }
            if (name.Length > 0)
                known.Add(name, _families);
            _family[feature] = _families++;
        }
    }

    /// <summary>Chooses and words the reasons of one row.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    /// <param name="contributions">[F] log-odds as <see cref="Models.IExplainer"/> gives them; finite.</param>
    /// <returns>At most the wanted number, strongest first; ties in feature order. Fewer when fewer families move the risk that way.</returns>
    /// <remarks>Memory: the reasons and their texts; <see cref="Choose"/> allocates nothing. Errors: ArgumentException when the lengths are not F.</remarks>
    public IReadOnlyList<Reason> Write(ReadOnlySpan<float> row, ReadOnlySpan<double> contributions)
    {
        if (row.Length != _features.Count)
            throw new ArgumentException($"a row of {row.Length} values for {_features.Count} features", nameof(row));
        int wanted = Math.Min(_options.Count, _families);
        Span<int> speakers = wanted <= StackFamilies ? stackalloc int[wanted] : new int[wanted];
        Span<double> sums = wanted <= StackFamilies ? stackalloc double[wanted] : new double[wanted];
        int found = Choose(contributions, speakers, sums);
        var reasons = new Reason[found];
        for (int i = 0; i < found; i++)
        {
            FeatureInfo feature = _features[speakers[i]];
            reasons[i] = new Reason(speakers[i], feature.Name, ValueFormat.Text(feature, row[speakers[i]]), sums[i], _options.Direction);
        }
        return reasons;
    }

    /// <summary>Chooses the reasons of one row as numbers, for output columns.</summary>
    /// <param name="contributions">[F] log-odds.</param>
    /// <param name="speakers">[k] filled with the feature that speaks for each family chosen, strongest family first.</param>
    /// <param name="sums">[k] filled with the log-odds of each family.</param>
    /// <returns>How many were filled: at most the lengths and <see cref="ReasonOptions.Count"/>.</returns>
    /// <remarks>Memory: the stack, up to 256 families. Errors: ArgumentException when the lengths do not fit.</remarks>
    public int Choose(ReadOnlySpan<double> contributions, Span<int> speakers, Span<double> sums)
    {
        if (contributions.Length != _features.Count || speakers.Length != sums.Length)
            throw new ArgumentException($"{contributions.Length} contributions for {_features.Count} features, room for {speakers.Length} and {sums.Length}", nameof(contributions));
        Span<double> total = _families <= StackFamilies ? stackalloc double[_families] : new double[_families];
        Span<int> strongest = _families <= StackFamilies ? stackalloc int[_families] : new int[_families];
        total.Clear();
        strongest.Fill(-1);
        double sign = _options.Direction == ReasonDirection.Raises ? 1 : -1;
        for (int feature = 0; feature < contributions.Length; feature++)
        {
            int family = _family[feature];
            total[family] += contributions[feature];
            if (strongest[family] < 0 || sign * contributions[feature] > sign * contributions[strongest[family]])
                strongest[family] = feature;
        }

        int wanted = Math.Min(speakers.Length, _options.Count), found = 0;
        while (found < wanted)
        {
            int best = -1;
            for (int family = 0; family < _families; family++)
            {
                if (strongest[family] >= 0 && sign * total[family] > 0 && (best < 0 || sign * total[family] > sign * total[best]))
                    best = family;
            }
            if (best < 0)
                break;
            (speakers[found], sums[found]) = (strongest[best], total[best]);
            strongest[best] = -1;
            found++;
        }
        return found;
    }
}
