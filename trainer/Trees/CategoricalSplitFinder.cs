using System.Runtime.CompilerServices;

namespace ChurnEngine.Trainer;

/// <summary>Finds the best set of categories, and the side that missing values do best on.</summary>
/// <remarks>
/// Ordered by mean gradient, the best two-way parting of K categories is one of K - 1 prefixes (Fisher 1958), so all subsets need not be tried.
/// Both ends are scanned, up to the largest set allowed. Categories too rare in the node to be ordered, and unknown ones, stay together on the
/// other side: among many categories some look good by chance, and the more the rarer they are. Of the two sides the one with
/// fewer categories is stored as the left set, because runtimes test membership one by one.
/// </remarks>
internal readonly struct CategoricalSplitFinder(BoosterOptions options)
{
    private const int MostCategories = 255;

    // With few categories to choose from, chance has less to offer.
    private const int RowsForEachOfTheFeature = 4;

    private readonly int _mostNamed = options.MaxCategoriesPerSplit;
    private readonly int _minRows = options.MinRowsPerCategory;
    private readonly double _smoothing = options.CategorySmoothing;

    /// <summary>The best split of a node by one feature.</summary>
    /// <param name="sums">[B] sums by category, then unknown, then missing.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <returns>Feature is not set. Among equal gains: missing outside the set first, then the lowest gradients first, then the smallest set.</returns>
    /// <remarks>Memory: allocates nothing.</remarks>
    [SkipLocalsInit]
    public SplitCandidate Find(BinSums sums, in GradientSums node, in GainRule rule)
    {
        Span<GradientSums> histogram = stackalloc GradientSums[MostCategories + 1];
        histogram = histogram[..sums.Count];
        for (int bin = 0; bin < histogram.Length; bin++)
            histogram[bin] = sums[bin];
        Span<Ordered> room = stackalloc Ordered[MostCategories];
        ReadOnlySpan<Ordered> order = Order(histogram[..^2], rule, room);
        GradientSums missing = histogram[^1];
        var best = new Choice { Score = rule.ScoreToBeat(node) };
        int minRows = MinRows(histogram.Length - 2);
        for (int side = 0; side < (missing.Rows == 0 ? 1 : 2); side++)
        {
            foreach (bool fromTop in (ReadOnlySpan<bool>)[false, true])
            {
                GradientSums named = side == 0 ? default : missing;
                for (int size = 1; size <= Math.Min(order.Length, _mostNamed); size++)
                {
                    named += histogram[order[fromTop ? order.Length - size : size - 1].Bin];
                    GradientSums rest = node - named;
                    if (Math.Min(named.Rows, rest.Rows) < minRows || !rule.Allows(named) || !rule.Allows(rest))
                        continue;
                    double score = rule.Score(named) + rule.Score(rest);
                    if (score > best.Score)
                        best = new Choice { Score = score, Size = size, FromTop = fromTop, MissingIsNamed = side == 1, Named = named };
                }
            }
        }
        if (best.Size == 0)
            return default;
        ReadOnlySpan<Ordered> chosen = best.FromTop ? order[^best.Size..] : order[..best.Size];
        return ToSplit(best, chosen, histogram, node) with { Gain = best.Score - rule.Score(node) };
    }

    private int MinRows(int categories) => Math.Min(_minRows, RowsForEachOfTheFeature * categories);

    private ReadOnlySpan<Ordered> Order(ReadOnlySpan<GradientSums> categories, in GainRule rule, Span<Ordered> room)
    {
        int count = 0, minRows = MinRows(categories.Length);
        for (int bin = 0; bin < categories.Length; bin++)
        {
            if (categories[bin].Rows >= minRows)
                room[count++] = new Ordered(rule.CategoryOrder(categories[bin], _smoothing), bin);
        }
        room[..count].Sort();
        return room[..count];
    }

    // The rest can be named instead when it holds no unknown category, which no set could name. A category that the node has not seen goes right.
    private static SplitCandidate ToSplit(in Choice best, ReadOnlySpan<Ordered> chosen, ReadOnlySpan<GradientSums> histogram, in GradientSums node)
    {
        var named = default(BinSet);
        foreach (Ordered category in chosen)
            named.Add(category.Bin);
        var rest = default(BinSet);
        int restSize = 0;
        for (int bin = 0; bin < histogram.Length - 2; bin++)
        {
            if (histogram[bin].Rows == 0 || named.Contains(bin))
                continue;
            rest.Add(bin);
            restSize++;
        }
        bool swap = restSize > 0 && restSize < best.Size && histogram[^2].Rows == 0;
        BinSet left = swap ? rest : named;
        GradientSums leftSums = swap ? node - best.Named : best.Named;
        bool missingGoesLeft = histogram[^1].Rows == 0 ? leftSums.Rows > node.Rows - leftSums.Rows : best.MissingIsNamed != swap;
        if (missingGoesLeft)
            left.Add(histogram.Length - 1);
        return new SplitCandidate { Exists = true, LastLeftBin = -1, MissingGoesLeft = missingGoesLeft, LeftBins = left, Left = leftSums };
    }

    private readonly record struct Ordered(double Key, int Bin) : IComparable<Ordered>
    {
        public int CompareTo(Ordered other) => Key != other.Key ? Key.CompareTo(other.Key) : Bin.CompareTo(other.Bin);
    }

    private struct Choice
    {
        public double Score;
        public int Size;
        public bool FromTop;
        public bool MissingIsNamed;
        public GradientSums Named;
    }
}
