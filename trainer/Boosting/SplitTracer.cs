using System.Diagnostics;
using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Puts splits into the words and units of the data.</summary>
internal sealed class SplitTracer(FeatureBins bins, IReadOnlyList<FeatureInfo> features, Action<SplitTrace> listener)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The tree that is being grown.</summary>
    public int Tree { get; set; }

    public void Observe(SplitCandidate split, GrownSplit at)
    {
        BinMapper mapper = bins.Mappers[split.Feature];
        FeatureInfo feature = features[split.Feature];
        bool numeric = mapper.Kind == FeatureKind.Numeric;
        listener(new SplitTrace
        {
            Tree = Tree,
            Node = at.Node,
            Depth = at.Depth,
            Feature = feature.Name,
            Threshold = numeric ? mapper.UpperEdges[split.LastLeftBin] : null,
            Categories = numeric ? null : [.. mapper.Codes.Where((_, bin) => split.LeftBins.Contains(bin)).Select(code => NameOf(feature, code))],
            MissingGoesLeft = split.MissingGoesLeft,
            Gain = split.Gain,
            Left = at.Rule.Measure(split.Left),
            Right = at.Rule.Measure(at.Sums - split.Left),
            Microseconds = Stopwatch.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond,
        });
    }

    // A matrix of one's own need not name its categories.
    private static string NameOf(FeatureInfo feature, int code) => code < feature.Categories.Count ? feature.Categories[code] : code.ToString(CultureInfo.InvariantCulture);
}
