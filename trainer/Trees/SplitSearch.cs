using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>What is asked of a node.</summary>
/// <param name="Sums">Sums of the node.</param>
/// <param name="Rule">What counts as gain there.</param>
/// <param name="Depth">Splits above it.</param>
/// <param name="Key">What random thresholds are drawn from, with the feature's name.</param>
internal readonly record struct NodeQuery(GradientSums Sums, GainRule Rule, int Depth, ulong Key);

/// <summary>Finds the best split of a node: one feature at a time, then the best of them.</summary>
internal sealed unsafe class SplitSearch
{
    private const ulong ThresholdStream = 0x40_0000_0000;
    private readonly BinnedMatrix _matrix;
    private readonly CategoricalSplitFinder _categorical;
    private readonly ISplitRule? _splitRule;
    private readonly int[] _directions;
    private readonly int[] _nameRank;
    private readonly ulong[]? _nameHash;

    public SplitSearch(BinnedMatrix matrix, BoosterOptions options, ISplitRule? splitRule)
    {
        _splitRule = splitRule;
        _matrix = matrix;
        _categorical = new CategoricalSplitFinder(options);
        _directions = options.MonotoneConstraints?.DirectionsOf(matrix.Features) ?? new int[matrix.FeatureCount];
        _nameHash = options.RandomThresholds ? [.. matrix.Features.Select(feature => KeyedRandom.OfName(feature.Name))] : null;
        _nameRank = new int[matrix.FeatureCount];
        int[] byName = [.. Enumerable.Range(0, matrix.FeatureCount).OrderBy(f => matrix.Features[f].Name, StringComparer.Ordinal)];
        for (int rank = 0; rank < byName.Length; rank++)
            _nameRank[byName[rank]] = rank;
    }

    /// <summary>1 or -1 for a feature in which the margin may only rise or fall, else 0.</summary>
    public int DirectionOf(int feature) => _directions[feature];

    /// <summary>The best split of a node by each feature of one bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="sums">Its sums in the node, by code.</param>
    /// <param name="node">The node.</param>
    /// <param name="mayBeSplit">[F] features to look at.</param>
    /// <param name="best">[F] set for the bundle's features.</param>
    [SkipLocalsInit]
    public void Find(FeatureBundle bundle, BinSums sums, in NodeQuery node, ReadOnlySpan<bool> mayBeSplit, Span<SplitCandidate> best)
    {
        long* room = stackalloc long[3 * FeatureBundles.MostCodes];
        for (int member = 0; member < bundle.Features.Length; member++)
        {
            int feature = bundle.Features[member];
            best[feature] = mayBeSplit[feature]
                ? Find(feature, bundle.Features.Length == 1 ? sums : MarginalKernel.Run(bundle, member, sums, room), node)
                : default;
        }
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

    private SplitCandidate Find(int feature, BinSums histogram, in NodeQuery node)
    {
        GainRule rule = node.Rule with { Direction = _directions[feature] };
        SplitCandidate split = _matrix.Features[feature].Kind == FeatureKind.Categorical ? _categorical.Find(histogram, node.Sums, rule)
            : _nameHash is null ? NumericSplitFinder.Find(histogram, node.Sums, rule)
            : RandomThresholdFinder.Find(histogram, _matrix.Bins.Mappers[feature].UpperEdges, node.Sums, rule, KeyedRandom.Unit(node.Key, ThresholdStream, _nameHash[feature]));
        split.Feature = feature;
        if (_splitRule is null || !split.Exists)
            return split;
        double worth = _splitRule.Worth(new SplitView(_matrix.Features[feature].Name, node.Depth, split.Gain, rule.Measure(split.Left), rule.Measure(node.Sums - split.Left)));
        return worth > 0 ? split with { Gain = worth } : default;
    }
}
