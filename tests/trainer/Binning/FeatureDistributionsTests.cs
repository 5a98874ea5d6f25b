using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class FeatureDistributionsTests
{
    [Fact]
    public void Of_NumericFeature_HasTwentyEqualBins()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [.. Enumerable.Range(0, 10_000).Select(i => i % 4 == 0 ? float.NaN : i * 0.37f % 1)]));
        FeatureDistribution distribution = Assert.Single(FeatureDistributions.Of(matrix));
        Assert.Equal(19, distribution.UpperEdges.Length);
        Assert.All(distribution.Shares, share => Assert.InRange(share, 0.03, 0.045));
        Assert.Equal(0.25, distribution.MissingShare);
        Assert.Equal(1, distribution.Shares.Sum() + distribution.MissingShare, 12);
    }

    [Fact]
    public void Of_CategoricalFeature_HasABinACode()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Categorical("c", 4), [0, 0, 1, 3, float.NaN, 9, 0.5f, -1]));
        FeatureDistribution distribution = Assert.Single(FeatureDistributions.Of(matrix));
        Assert.Empty(distribution.UpperEdges);
        Assert.Equal([0.25, 0.125, 0, 0.125], distribution.Shares);
        Assert.Equal(0.5, distribution.MissingShare);
    }

    [Fact]
    public void Of_MissingAndConstantFeatures_HaveOneBin()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("missing"), [float.NaN, float.NaN]), (TestRows.Numeric("constant"), [4, 4]));
        IReadOnlyList<FeatureDistribution> distributions = FeatureDistributions.Of(matrix);
        Assert.Equal([0.0], distributions[0].Shares);
        Assert.Equal(1, distributions[0].MissingShare);
        Assert.Equal([1.0], distributions[1].Shares);
    }

    [Fact]
    public void Of_NoRows_SaysSo()
    {
        using var matrix = FeatureMatrix.Allocate([TestRows.Numeric("x")], 0);
        Assert.Equal(4001, Assert.Throws<ChurnDataException>(() => FeatureDistributions.Of(matrix)).Code.Number);
    }
}
