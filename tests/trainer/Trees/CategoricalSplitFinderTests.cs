using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class CategoricalSplitFinderTests
{
    private const double Unit = 1.0 / (1 << 20);
    private static readonly BoosterOptions s_exact = new() { L2 = 0, MinRowsInLeaf = 1, MinChildWeight = 0, MinRowsPerCategory = 1, CategorySmoothing = 0 };

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(5, false)]
    [InlineData(8, true)]
    [InlineData(11, true)]
    public void Find_AnyStatistics_EqualsTheBestOfAllSubsets(int categories, bool withMissing)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            GradientSums[] histogram = Draw(new Random(seed), categories, withMissing);
            GradientSums node = Sum(histogram, _ => true);
            var rule = new GainRule(s_exact, Unit, Unit);
            SplitCandidate found = Find(histogram, s_exact);

            double best = 0;
            for (int subset = 0; subset < 1 << categories; subset++)
            {
                foreach (bool missingLeft in (bool[])[false, true])
                {
                    GradientSums left = Sum(histogram, bin => bin < categories ? (subset >>> bin & 1) != 0 : bin == categories + 1 && missingLeft);
                    // A set must name a category, and leave rows to the other side.
                    if ((subset == 0 && missingLeft) || left.Rows == 0 || left.Rows == node.Rows)
                        continue;
                    best = Math.Max(best, rule.Score(left) + rule.Score(node - left) - rule.Score(node));
                }
            }
            Assert.Equal(best, found.Gain, 1e-9 * best);
            Assert.Equal(found.Left, Sum(histogram, bin => found.LeftBins.Contains(bin)));
            Assert.Equal(found.MissingGoesLeft, found.LeftBins.Contains(categories + 1));
        }
    }

    [Fact]
    public void Find_MostCategoriesOnOneSide_StoresTheSmallerSide()
    {
        // Two of ten categories stand out; missing behaves like the eight.
        GradientSums[] histogram = [.. Enumerable.Range(0, 10).Select(bin => Category(bin is 2 or 7 ? 0.5 : -0.1, 100)), default, Category(-0.1, 50)];
        SplitCandidate split = Find(histogram, s_exact);
        Assert.Equal([2, 7], Named(split, 10));
        Assert.False(split.MissingGoesLeft);
        Assert.Equal(200, split.Left.Rows);
    }

    [Fact]
    public void Find_SidesSwapped_MissingKeepsItsRows()
    {
        // Ordered by gradient, the eight come first and are found as the set, missing with them; the two are stored, missing right.
        GradientSums[] low = [.. Enumerable.Range(0, 10).Select(bin => Category(bin is 2 or 7 ? 0.5 : -0.1, 100)), default, Category(0.5, 50)];
        SplitCandidate split = Find(low, s_exact);
        Assert.Equal([2, 7], Named(split, 10));
        Assert.True(split.MissingGoesLeft);
        Assert.Equal(250, split.Left.Rows);
    }

    [Fact]
    public void Find_UnknownCategoriesInTheNode_StayRight()
    {
        GradientSums[] histogram = [.. Enumerable.Range(0, 6).Select(bin => Category(bin < 4 ? 0.5 : -0.1, 100)), Category(-0.1, 70), default];
        SplitCandidate split = Find(histogram, s_exact);
        Assert.Equal([0, 1, 2, 3], Named(split, 6));
        Assert.False(split.LeftBins.Contains(6));
    }

    [Fact]
    public void Find_RareCategory_IsNotSplitOff()
    {
        GradientSums[] histogram = [Category(0.9, 9), Category(-0.1, 100), Category(-0.1, 100), Category(-0.1, 100), default, default];
        Assert.Equal([0], Named(Find(histogram, s_exact with { MinRowsPerCategory = 9 }), 4));
        Assert.InRange(Find(histogram, s_exact with { MinRowsPerCategory = 10 }).Left.Rows, 100, 209);
    }

    [Theory]
    [InlineData(4, 16)]
    [InlineData(10, 40)]
    [InlineData(30, 100)]
    public void Find_FewCategories_FourRowsForEachAreEnough(int categories, int rows)
    {
        Assert.Equal([0], Named(Found(rows), categories));
        Assert.NotEqual([0], Named(Found(rows - 1), categories));

        SplitCandidate Found(int first) => Find([Category(0.9, first), .. Enumerable.Repeat(Category(-0.1, 100), categories - 1), default, default], s_exact with { MinRowsPerCategory = 100 });
    }

    // 700 categories of a dozen rows each, none of which says anything: a set of those that look good would be learnt by heart.
    [Fact]
    public void Fit_ManyRareCategoriesOfNoise_AreLeftAlone()
    {
        var random = new Random(3);
        float[] codes = [.. Enumerable.Range(0, 8_000).Select(_ => (float)random.Next(700))], labels = [.. codes.Select(_ => random.Next(4) == 0 ? 1f : 0f)];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Categorical("area", 700), codes));
        Assert.All(Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = 5 }).Ensemble.Trees, tree => Assert.Equal(1, tree.LeafCount));
        Assert.All(Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = 5, MinRowsPerCategory = 10 }).Ensemble.Trees, tree => Assert.InRange(tree.LeafCount, 2, 31));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Find_CappedSet_NamesNoMore(int most)
    {
        GradientSums[] histogram = Draw(new Random(5), 40, withMissing: true);
        Assert.InRange(Named(Find(histogram, s_exact with { MaxCategoriesPerSplit = most }), 40).Length, 1, most);
    }

    [Fact]
    public void Find_OneCategoryAndMissing_NamesTheCategory()
    {
        SplitCandidate split = Find([Category(0.4, 100), default, Category(-0.4, 100)], s_exact);
        Assert.Equal([0], Named(split, 1));
        Assert.False(split.MissingGoesLeft);
    }

    [Fact]
    public void Find_AllAlike_FindsNothing() =>
        Assert.False(Find([Category(0.1, 100), Category(0.1, 300), default, Category(0.1, 50)], s_exact).Exists);

    [Fact]
    public void Fit_UnseenAndMissingCategories_FollowTheTree()
    {
        float[] codes = [.. Enumerable.Range(0, 900).Select(i => i % 9 == 8 ? float.NaN : i % 8)];
        float[] labels = [.. codes.Select((code, i) => code is 1 or 4 || float.IsNaN(code) ? i % 50 == 0 ? 0f : 1f : i % 50 == 1 ? 1f : 0f)];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Categorical("plan", 12), codes));
        TreeEnsemble ensemble = Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = 1, MaxLeaves = 2, CategorySmoothing = 0 }).Ensemble;
        DecisionTree tree = ensemble.Trees[0];
        Assert.Equal([1, 4], tree.LeftCategories[0]!.Codes);
        Assert.True(tree.MissingGoesLeft[0]);
        Assert.All((float[])[11, 0, 3, -1, 2.5f, 1e9f], code => Assert.Equal(1, tree.FindLeaf([code])));
        Assert.All((float[])[1, 4, float.NaN], code => Assert.Equal(0, tree.FindLeaf([code])));
    }

    private static SplitCandidate Find(GradientSums[] histogram, BoosterOptions options)
    {
        using var sums = new SumsBuffer(histogram);
        return new CategoricalSplitFinder(options).Find(sums.Sums, Sum(histogram, _ => true), new GainRule(options, Unit, Unit));
    }

    private static int[] Named(SplitCandidate split, int categories) => [.. Enumerable.Range(0, categories).Where(bin => split.LeftBins.Contains(bin))];

    private static GradientSums Category(double meanGradient, int rows) => new((long)(meanGradient * rows / Unit), (long)(0.2 * rows / Unit), rows);

    private static GradientSums Sum(GradientSums[] histogram, Func<int, bool> chosen)
    {
        var sum = default(GradientSums);
        for (int bin = 0; bin < histogram.Length; bin++)
        {
            if (chosen(bin))
                sum += histogram[bin];
        }
        return sum;
    }

    private static GradientSums[] Draw(Random random, int categories, bool withMissing) =>
        [.. Enumerable.Range(0, categories).Select(_ => Category(random.NextDouble() - 0.5, random.Next(1, 200))), default, withMissing ? Category(random.NextDouble() - 0.5, 80) : default];
}
