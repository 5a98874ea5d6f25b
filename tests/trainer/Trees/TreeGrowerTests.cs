using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class TreeGrowerTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 3, MinRowsInLeaf = 5 };

    [Theory]
    [InlineData(GrowthPolicy.LeafWise, 2, 0)]
    [InlineData(GrowthPolicy.LeafWise, 17, 0)]
    [InlineData(GrowthPolicy.LeafWise, 1000, 4)]
    [InlineData(GrowthPolicy.DepthWise, 17, 0)]
    [InlineData(GrowthPolicy.DepthWise, 16, 4)]
    [InlineData(GrowthPolicy.DepthWise, 1000, 3)]
    public void Grow_Limits_AreKeptAndReached(GrowthPolicy growth, int leaves, int depth)
    {
        (LabelledRows rows, _) = TestRows.Churn(5000, seed: 8);
        using FeatureMatrix matrix = rows.Matrix;
        BoosterResult result = Booster.Fit(rows, null, s_options with { Growth = growth, MaxLeaves = leaves, MaxDepth = depth });
        Assert.Equal(3, result.Ensemble.Trees.Count);
        foreach (DecisionTree tree in result.Ensemble.Trees)
        {
            Assert.Equal(tree.NodeCount + 1, tree.LeafCount);
            Assert.Equal(depth == 0 ? leaves : Math.Min(leaves, 1 << depth), tree.LeafCount);
            Assert.InRange(Depths(tree).Max(), 1, depth == 0 ? leaves - 1 : depth);
            Assert.Equal(5000, tree.LeafCover.Sum());
            Assert.All(tree.LeafCover, cover => Assert.InRange(cover, 5, 5000));
        }
    }

    [Fact]
    public void Grow_DepthWise_FillsALevelBeforeTheNext()
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, seed: 8);
        using FeatureMatrix matrix = rows.Matrix;
        DecisionTree level = Booster.Fit(rows, null, s_options with { Growth = GrowthPolicy.DepthWise, MaxLeaves = 12 }).Ensemble.Trees[0];
        Assert.Equal([3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4], Depths(level).Order());
        DecisionTree best = Booster.Fit(rows, null, s_options with { MaxLeaves = 12 }).Ensemble.Trees[0];
        Assert.NotEqual(Depths(level).Order(), Depths(best).Order());
    }

    [Fact]
    public void Grow_ColumnsInAnotherOrder_GivesTheSameModel()
    {
        // "twin" repeats "plays" under another name, so that every split on it is a tie.
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 4);
        using FeatureMatrix source = rows.Matrix;
        (FeatureInfo, float[])[] columns = [.. Enumerable.Range(0, source.FeatureCount).Select(f => (source.Features[f], Enumerable.Range(0, 4000).Select(r => source.Row(r)[f]).ToArray()))];
        columns = [.. columns, (TestRows.Numeric("twin"), columns[1].Item2)];
        using FeatureMatrix forward = TestRows.Matrix(columns), backward = TestRows.Matrix([.. columns.Reverse()]);
        BoosterOptions options = s_options with { Trees = 20, ColumnSample = 0.7, RowSample = 0.8 };
        TreeEnsemble a = Booster.Fit(rows with { Matrix = forward }, null, options).Ensemble, b = Booster.Fit(rows with { Matrix = backward }, null, options).Ensemble;
        for (int row = 0; row < 4000; row++)
            Assert.Equal(a.Margin(forward.Row(row)), b.Margin(backward.Row(row)));
        IEnumerable<string> Names(TreeEnsemble ensemble, FeatureMatrix matrix) => ensemble.Trees.SelectMany(tree => tree.Feature.Select(f => matrix.Features[f].Name));
        Assert.Equal(Names(a, forward), Names(b, backward));
        Assert.Contains("plays", Names(a, forward));
    }

    [Fact]
    public void Grow_WeightedRows_CoverIsTheSumOfWeights()
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 4, weighted: true);
        using FeatureMatrix matrix = rows.Matrix;
        DecisionTree tree = Booster.Fit(rows, null, s_options).Ensemble.Trees[0];
        double[] cover = new double[tree.LeafCount];
        for (int row = 0; row < 3000; row++)
            cover[tree.FindLeaf(matrix.Row(row))] += rows.Weights.Span[row];
        for (int leaf = 0; leaf < cover.Length; leaf++)
            Assert.Equal(cover[leaf], tree.LeafCover[leaf], 9);
    }

    [Fact]
    public void Grow_IntegerWeights_EqualRepeatedRows()
    {
        (LabelledRows rows, _) = TestRows.Churn(200, seed: 6);
        using FeatureMatrix matrix = rows.Matrix;
        float[] weights = [.. Enumerable.Range(0, 200).Select(row => (float)(row % 3 + 1))];
        int[] repeated = [.. Enumerable.Range(0, 200).SelectMany(row => Enumerable.Repeat(row, row % 3 + 1))];
        using FeatureMatrix longer = matrix.Gather(repeated);
        // So few rows that each value has its bin, and no limit on rows, which repeating changes.
        BoosterOptions options = s_options with { MinRowsInLeaf = 1, MinRowsPerCategory = 1, MinChildWeight = 2, QuantizedGradients = false };
        TreeEnsemble a = Booster.Fit(rows with { Weights = weights }, null, options).Ensemble;
        TreeEnsemble b = Booster.Fit(new LabelledRows(longer, repeated.Select(row => rows.Labels.Span[row]).ToArray()), null, options).Ensemble;
        for (int row = 0; row < 200; row++)
            Assert.Equal(a.Margin(matrix.Row(row)), b.Margin(matrix.Row(row)), 1e-6);
    }

    private static int[] Depths(DecisionTree tree)
    {
        int[] depth = new int[tree.LeafCount];
        Walk(tree.NodeCount == 0 ? ~0 : 0, 0);
        return depth;

        void Walk(int at, int level)
        {
            if (at < 0)
            {
                depth[~at] = level;
                return;
            }
            Walk(tree.Left[at], level + 1);
            Walk(tree.Right[at], level + 1);
        }
    }
}
