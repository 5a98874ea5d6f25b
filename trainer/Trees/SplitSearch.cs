using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Finds the best split of a node: one feature at a time, then the best of them.</summary>
internal sealed class SplitSearch
{
    private readonly BinnedMatrix _matrix;
    private readonly CategoricalSplitFinder _categorical;
    private readonly int[] _nameRank;

    public SplitSearch(BinnedMatrix matrix, BoosterOptions options)
    {
        _matrix = matrix;
        _categorical = new CategoricalSplitFinder(options);
        _nameRank = new int[matrix.FeatureCount];
        int[] byName = [.. Enumerable.Range(0, matrix.FeatureCount).OrderBy(f => matrix.Features[f].Name, StringComparer.Ordinal)];
        for (int rank = 0; rank < byName.Length; rank++)
            _nameRank[byName[rank]] = rank;
    }

    /// <summary>The best split of a node by one feature.</summary>
    public SplitCandidate Find(int feature, ReadOnlySpan<GradientSums> histogram, in GradientSums node, in GainRule rule)
    {
        SplitCandidate split = _matrix.Features[feature].Kind == FeatureKind.Numeric
            ? NumericSplitFinder.Find(histogram, node, rule)
            : _categorical.Find(histogram, node, rule);
        split.Feature = feature;
        return split;
    }

    /// <summary>The largest gain; among equal ones the feature whose name sorts first, so that the order of columns does not matter.</summary>
    public SplitCandidate Best(ReadOnlySpan<SplitCandidate> candidates)
    {
        var best = default(SplitCandidate);
        foreach (ref readonly SplitCandidate candidate in candidates)
        {
            if (!candidate.Exists)
                continue;
            if (!best.Exists || candidate.Gain > best.Gain || (candidate.Gain == best.Gain && _nameRank[candidate.Feature] < _nameRank[best.Feature]))
                best = candidate;
        }
        return best;
    }
}
