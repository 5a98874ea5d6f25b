using ChurnEngine.Columns;

namespace ChurnEngine.Models.Tests;

public class TreeShapTests
{
    [Theory]
    [InlineData(1, 2, 2), InlineData(2, 3, 5), InlineData(3, 5, 8), InlineData(4, 5, 12), InlineData(5, 2, 12), InlineData(6, 7, 20)]
    public void Explain_SmallTrees_EqualsBruteForceShapley(int seed, int features, int leaves)
    {
        foreach (bool emptyLeaves in new[] { false, true })
        {
            var source = new RandomTrees(seed, features);
            TreeEnsemble ensemble = source.Ensemble(3, leaves, emptyLeaves);
            float[] rows = source.Rows(25);
            double[] actual = new double[rows.Length];
            var shap = new TreeShap(ensemble);
            shap.Explain(rows, actual);
            for (int row = 0; row < 25; row++)
            {
                double[] expected = BruteForceShapley.Contributions(ensemble, rows[(row * features)..((row + 1) * features)], out double nothingKnown);
                Assert.Equal(nothingKnown, shap.ExpectedMargin, 1e-12);
                for (int feature = 0; feature < features; feature++)
                    Assert.Equal(expected[feature], actual[row * features + feature], 1e-11);
            }
        }
    }

    // Two features as an AND, equal covers: v() = 1/4, v(either) = 1/2, v(both) = 1, so each gets 3/8.
    [Fact]
    public void Explain_And_EqualsHandWorked()
    {
        DecisionTree tree = Tree([0, 1], [0.5f, 0.5f], [~0, ~1], [1, ~2], [0, 0, 1], [2, 1, 1]);
        double[] contributions = new double[2];
        var shap = new TreeShap(Sum(2, tree));
        shap.Explain([1f, 1f], contributions);
        Assert.Equal(0.25, shap.ExpectedMargin);
        Assert.Equal([0.375, 0.375], contributions);
    }

    [Theory]
    [InlineData(31, 200), InlineData(127, 20)]
    public void Explain_ManyTrees_AddsUpToTheMargin(int leaves, int trees)
    {
        var source = new RandomTrees(11, 30);
        TreeEnsemble ensemble = source.Ensemble(trees, leaves);
        float[] rows = source.Rows(200);
        AssertAddsUp(ensemble, rows, 1e-9);
    }

    [Fact]
    public void Explain_ChainOfSixtySplits_AddsUpToTheMargin()
    {
        // One leaf leaves at each level, as leaf-wise growth can do; deeper than the stack's workspace. Covers shrink by a tenth a level.
        const int splits = 60;
        int[] features = [.. Enumerable.Range(0, splits).Select(i => i % 40)];
        DecisionTree tree = Tree(
            features, [.. features.Select(f => 0.9f - f * 0.01f)],
            [.. Enumerable.Range(0, splits).Select(i => i + 1 < splits ? i + 1 : ~splits)], [.. Enumerable.Range(0, splits).Select(i => ~i)],
            [.. Enumerable.Range(0, splits + 1).Select(i => Math.Sin(i))], [.. Enumerable.Range(0, splits + 1).Select(i => 1e6 * Math.Pow(0.9, i))]);
        var random = new Random(3);
        float[] rows = [.. Enumerable.Range(0, 40 * 50).Select(_ => random.NextSingle() * 0.8f)];
        AssertAddsUp(Sum(40, tree), rows, 1e-9);
    }

    [Fact]
    public void Explain_LeafOnlyAndUnusedFeature_ContributeNothing()
    {
        DecisionTree leaf = Tree([], [], [], [], [0.5], [10]);
        double[] contributions = [9, 9];
        var shap = new TreeShap(Sum(2, leaf, Tree([1], [0f], [~0], [~1], [-1, 1], [3, 1])));
        shap.Explain([5f, float.NaN], contributions);
        Assert.Equal(0, shap.ExpectedMargin);
        Assert.Equal([0, 1.5], contributions);
    }

    [Fact]
    public void Explain_ManyThreads_EqualsOne_AndAllocatesNothing()
    {
        var source = new RandomTrees(5, 12);
        var shap = new TreeShap(source.Ensemble(20, 16));
        float[] rows = source.Rows(64);
        double[] expected = new double[rows.Length];
        shap.Explain(rows, expected);

        long before = GC.GetAllocatedBytesForCurrentThread();
        shap.Explain(rows, expected);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        Parallel.For(0, 16, _ =>
        {
            double[] actual = new double[rows.Length];
            shap.Explain(rows, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Fact]
    public void TreeShap_NoCovers_Throws()
    {
        foreach (double[] cover in new double[][] { [], [0, 0], [1, double.NaN], [2, -1] })
        {
            var error = Assert.Throws<ChurnModelException>(() => new TreeShap(Sum(1, Tree([0], [0f], [~0], [~1], [-1, 1], cover))));
            Assert.Equal("CE5901", error.Code.ToString());
        }
    }

    [Fact]
    public void Explain_LengthsDoNotFit_Throws()
    {
        var shap = new TreeShap(Sum(2, Tree([0], [0f], [~0], [~1], [-1, 1], [1, 1])));
        Assert.Throws<ArgumentException>(() => shap.Explain([1f, 2f, 3f], new double[3]));
        Assert.Throws<ArgumentException>(() => shap.Explain([1f, 2f], new double[4]));
    }

    private static void AssertAddsUp(TreeEnsemble ensemble, float[] rows, double tolerance)
    {
        int features = ensemble.FeatureCount;
        double[] contributions = new double[rows.Length];
        var shap = new TreeShap(ensemble);
        shap.Explain(rows, contributions);
        for (int start = 0; start < rows.Length; start += features)
            Assert.Equal(ensemble.Margin(rows.AsSpan(start, features)), shap.ExpectedMargin + contributions.AsSpan(start, features).ToArray().Sum(), tolerance);
    }

    private static TreeEnsemble Sum(int features, params DecisionTree[] trees) => new() { FeatureCount = features, BaseMargin = 0, Trees = trees };

    private static DecisionTree Tree(int[] feature, float[] threshold, int[] left, int[] right, double[] value, double[] cover) => new()
    {
        Feature = feature,
        Threshold = threshold,
        Left = left,
        Right = right,
        LeafValue = value,
        LeafCover = cover,
        LeftCategories = new CategorySet?[feature.Length],
        MissingGoesLeft = new bool[feature.Length],
    };
}
