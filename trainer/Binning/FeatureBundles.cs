namespace ChurnEngine.Trainer;

/// <summary>Features whose bins share one byte: code = sum of bin x stride.</summary>
/// <param name="Features">Its features.</param>
/// <param name="Strides">[features] what one bin of each is worth in the code.</param>
/// <param name="BinCounts">[features] bins of each.</param>
/// <param name="Codes">Product of the bin counts, 256 at most: the code is below it.</param>
internal sealed record FeatureBundle(int[] Features, int[] Strides, int[] BinCounts, int Codes)
{
    /// <summary>Bin of a member in a code.</summary>
    public int BinOf(int member, int code) => code / Strides[member] % BinCounts[member];

    /// <summary>The codes in which a member's bin is one of <paramref name="bins"/>.</summary>
    public BinSet CodesWith(int member, BinSet bins)
    {
        if (Features.Length == 1)
            return bins;
        var codes = default(BinSet);
        for (int code = 0; code < Codes; code++)
        {
            if (bins.Contains(BinOf(member, code)))
                codes.Add(code);
        }
        return codes;
    }
}

/// <summary>Which features share a byte.</summary>
/// <remarks>
/// A flag, a count and a level rarely fill a byte each; two or three of them together do, and a row then costs one update instead of three. The sums of a member are those of the
/// joint codes, added over the other members: integers, so exactly what counting it alone would give. Nothing is approximated, unlike exclusive bundling (Ke et al. 2017), and
/// a skewed flag no longer makes each add wait for the last one to the same bin.
/// </remarks>
internal sealed class FeatureBundles
{
    /// <summary>Codes that a byte has room for.</summary>
    public const int MostCodes = 256;

    private FeatureBundles(FeatureBundle[] bundles, int features)
    {
        Bundles = bundles;
        BundleOf = new int[features];
        MemberOf = new int[features];
        BundleOf.AsSpan().Fill(-1);
        for (int bundle = 0; bundle < bundles.Length; bundle++)
        {
            for (int member = 0; member < bundles[bundle].Features.Length; member++)
                (BundleOf[bundles[bundle].Features[member]], MemberOf[bundles[bundle].Features[member]]) = (bundle, member);
        }
    }

    /// <summary>All bundles.</summary>
    public FeatureBundle[] Bundles { get; }

    /// <summary>[F] the bundle of each feature; -1 for one that never varies and is in none.</summary>
    public int[] BundleOf { get; }

    /// <summary>[F] its place within that bundle.</summary>
    public int[] MemberOf { get; }

    /// <summary>Packs features that vary into as few bytes as first fit by falling bin count finds.</summary>
    /// <param name="mappers">[F] mapper of each feature.</param>
    public static FeatureBundles Pack(IReadOnlyList<BinMapper> mappers)
    {
        var open = new List<(List<int> Features, int Codes)>();
        foreach (int feature in Enumerable.Range(0, mappers.Count).Where(feature => mappers[feature].IsUsable).OrderByDescending(feature => mappers[feature].BinCount))
        {
            int bins = mappers[feature].BinCount, fit = open.FindIndex(bundle => bundle.Codes * bins <= MostCodes);
            if (fit < 0)
            {
                open.Add(([feature], bins));
                continue;
            }
            open[fit].Features.Add(feature);
            open[fit] = (open[fit].Features, open[fit].Codes * bins);
        }
        return new FeatureBundles([.. open.Select(bundle => Bundle([.. bundle.Features], mappers, bundle.Codes))], mappers.Count);
    }

    private static FeatureBundle Bundle(int[] features, IReadOnlyList<BinMapper> mappers, int codes)
    {
        int[] counts = [.. features.Select(feature => mappers[feature].BinCount)], strides = new int[features.Length];
        for (int member = 0, stride = 1; member < features.Length; stride *= counts[member++])
            strides[member] = stride;
        return new FeatureBundle(features, strides, counts, codes);
    }
}
