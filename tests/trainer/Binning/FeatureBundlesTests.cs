namespace ChurnEngine.Trainer.Tests;

public class FeatureBundlesTests
{
    [Fact]
    public void Pack_SmallFeatures_ShareBytesAndKeepTheirBins()
    {
        var random = new Random(3);
        int[] distinct = [2, 200, 3, 1, 15, 90, 2, 7, 31];
        BinMapper[] mappers = [.. distinct.Select(count => BinMapper.Fit(Columns.FeatureKind.Numeric, Enumerable.Range(0, 500).Select(i => (float)(i % count)).ToArray(), 255))];
        FeatureBundles packed = FeatureBundles.Pack(mappers);
        Assert.Equal(-1, packed.BundleOf[3]);
        Assert.InRange(packed.Bundles.Length, 3, 5);
        Assert.All(packed.Bundles, bundle => Assert.InRange(bundle.Codes, 2, FeatureBundles.MostCodes));
        Assert.Equal(Enumerable.Range(0, 9).Where(feature => feature != 3), packed.Bundles.SelectMany(bundle => bundle.Features).Order());
        foreach (FeatureBundle bundle in packed.Bundles)
        {
            Assert.Equal(bundle.Codes, bundle.BinCounts.Aggregate(1, (product, bins) => product * bins));
            for (int repeat = 0; repeat < 50; repeat++)
            {
                int[] bins = [.. bundle.BinCounts.Select(count => random.Next(count))];
                int code = bins.Zip(bundle.Strides, (bin, stride) => bin * stride).Sum();
                Assert.Equal(bins, Enumerable.Range(0, bins.Length).Select(member => bundle.BinOf(member, code)));
                for (int member = 0; member < bins.Length; member++)
                {
                    Assert.True(bundle.CodesWith(member, BinSet.UpTo(bins[member])).Contains(code));
                    Assert.False(bundle.CodesWith(member, bins[member] == 0 ? default : BinSet.UpTo(bins[member] - 1)).Contains(code));
                }
            }
        }
    }
}
