using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class ForestTests
{
    private static readonly ForestOptions s_options = new() { Trees = 60, MaxLeaves = 64 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_Churn_RanksNearTheTruthAndTheSameForAnyThreads(bool extra)
    {
        (LabelledRows rows, _) = TestRows.Churn(6000, seed: 1);
        (LabelledRows later, double[] truth) = TestRows.Churn(6000, seed: 2);
        using FeatureMatrix matrix = rows.Matrix, test = later.Matrix;
        ForestOptions options = s_options with { ExtraTrees = extra };
        ForestResult[] forests = [.. new[] { 1, 2, 7 }.Select(threads => Forest.Fit(rows, options with { Threads = threads }))];
        Assert.Single(forests.Select(forest => string.Join('|', forest.Ensemble.Trees.Select(tree => string.Join(' ', tree.LeafValue.Select(BitConverter.DoubleToInt64Bits))))).Distinct());
        double auc = Auc(forests[0].Ensemble, later), best = TestRows.Auc(truth, later.Labels.Span);
        Assert.InRange(auc, best - (extra ? 0.05 : 0.02), best);
        Assert.Equal(extra, forests[0].OutOfBagMargins.Count == 0);
        if (!extra)
            Assert.Equal(auc, TestRows.Auc([.. forests[0].OutOfBagMargins], rows.Labels.Span), 0.03);
    }

    [Fact]
    public void Fit_OutOfBag_IsTheMeanOfTheTreesThatDidNotSeeTheRow()
    {
        (LabelledRows rows, _) = TestRows.Churn(500, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        ForestResult forest = Forest.Fit(rows, s_options with { Trees = 12, Seed = 9 });
        var sampler = new BootstrapRows(9);
        float[][] draws = [.. Enumerable.Range(0, 12).Select(tree => Draws(sampler, tree, 500))];
        Assert.InRange(draws.SelectMany(of => of).Average(), 0.95, 1.05);
        Assert.InRange(draws.SelectMany(of => of).Count(one => one == 0) / 6000.0, 0.35, 0.39);
        double share = rows.Labels.Span.ToArray().Average(), curvature = share * (1 - share);
        for (int row = 0; row < 500; row++)
        {
            double[] unseen = [.. Enumerable.Range(0, 12).Where(tree => draws[tree][row] == 0).Select(tree => 12 * forest.Ensemble.Trees[tree].LeafValue[forest.Ensemble.Trees[tree].FindLeaf(matrix.Row(row))])];
            if (unseen.Length == 0)
            {
                Assert.Equal(double.NaN, forest.OutOfBagMargins[row]);
                continue;
            }
            Assert.Equal(forest.Ensemble.BaseMargin + unseen.Average(), forest.OutOfBagMargins[row], 1e-9);
            Assert.Equal(share + curvature * unseen.Average(), forest.OutOfBagPredictions[row], 1e-6);
        }
    }

    [Fact]
    public void Fit_OneTreeOfAllRows_LeavesAreTheClassSharesOfTheirRows()
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        TreeEnsemble forest = Forest.Fit(rows, s_options with { Trees = 1, ExtraTrees = true }).Ensemble;
        DecisionTree tree = forest.Trees[0];
        float[] labels = rows.Labels.ToArray();
        double share = labels.Average();
        foreach (var leaf in Enumerable.Range(0, 2000).GroupBy(row => tree.FindLeaf(matrix.Row(row))))
        {
            // Gradients of 13 bits: a leaf's mean is right to a fraction of a thousandth.
            Assert.Equal(leaf.Average(row => labels[row]), share + share * (1 - share) * tree.LeafValue[leaf.Key], 2e-3);
            Assert.Equal(leaf.Count(), tree.LeafCover[leaf.Key]);
        }
    }

    [Fact]
    public void Fit_NumbersAsLabels_PredictsTheirMeans()
    {
        (LabelledRows churn, double[] logOdds) = TestRows.Churn(3000, seed: 3);
        using FeatureMatrix matrix = churn.Matrix;
        var rows = new LabelledRows(matrix, logOdds.Select(value => (float)(5 + value)).ToArray());
        ForestResult forest = Forest.Fit(rows, s_options with { Objective = ObjectiveKind.SquaredError });
        double mean = 5 + logOdds.Average(), spread = logOdds.Average(value => (value + 5 - mean) * (value + 5 - mean));
        double error = Enumerable.Range(0, 3000).Average(row => Math.Pow(forest.OutOfBagPredictions[row] - rows.Labels.Span[row], 2));
        Assert.InRange(error / spread, 0, 0.35);
        Assert.Equal(forest.OutOfBagMargins, forest.OutOfBagPredictions);
    }

    [Fact]
    public void Fit_OtherOptions_GrowOtherTrees()
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        ForestOptions options = s_options with { Trees = 5 };
        ForestOptions[] others = [options, options with { Seed = 1 }, options with { ExtraTrees = true }, options with { MaxLeaves = 9 }, options with { MaxDepth = 3 }, options with { MinRowsInLeaf = 50 }, options with { MaxBins = 7 }, options with { ColumnSampleByNode = 1 }];
        Assert.Distinct(others.Select(one => string.Join('|', Forest.Fit(rows, one).Ensemble.Trees.Select(tree => string.Join(' ', tree.LeafValue)))));
    }

    [Fact]
    public void Fit_Quantile_IsRefused()
    {
        (LabelledRows rows, _) = TestRows.Churn(100, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        Assert.Contains("squared_error", Assert.Throws<ChurnConfigException>(() => Forest.Fit(rows, new ForestOptions { Objective = ObjectiveKind.Quantile })).Expected, StringComparison.Ordinal);
    }

    private static float[] Draws(BootstrapRows sampler, int tree, int rows)
    {
        float[] draws = new float[rows];
        sampler.Weigh(tree, 0, draws, draws);
        return draws;
    }

    private static double Auc(TreeEnsemble ensemble, LabelledRows rows) =>
        TestRows.Auc([.. Enumerable.Range(0, (int)rows.Matrix.RowCount).Select(row => ensemble.Margin(rows.Matrix.Row(row)))], rows.Labels.Span);
}
