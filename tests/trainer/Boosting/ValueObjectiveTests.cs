using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Objectives of numbers on data whose answer is known.</summary>
public class ValueObjectiveTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 300, LearningRate = 0.1, EarlyStoppingRounds = 0 };

    [Theory]
    [InlineData(ObjectiveKind.Poisson)]
    [InlineData(ObjectiveKind.Tweedie)]
    public void Fit_Counts_ComesNearTheRates(ObjectiveKind objective)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 20_000).Select(_ => (float)random.Next(4))];
        double[] rates = [0.1, 1, 3, 12];
        float[] y = [.. x.Select(value => (float)Draw(random, rates[(int)value]))];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
        TreeEnsemble ensemble = Booster.Fit(new LabelledRows(matrix, y), null, s_options with { Objective = objective }).Ensemble;
        for (int level = 0; level < 4; level++)
        {
            double mean = Enumerable.Range(0, y.Length).Where(row => x[row] == level).Average(row => y[row]);
            Assert.Equal(mean, Math.Exp(ensemble.Margin([level])), 0.02 * mean + 0.005);
        }
    }

    // Newton's step where labels are a billion times what was expected would overflow e^m in one tree.
    [Fact]
    public void Fit_PoissonFarOffStart_ComesToTheRates()
    {
        float[] x = [.. Enumerable.Range(0, 2000).Select(row => (float)(row % 2))];
        float[] y = [.. x.Select(value => value == 1 ? 100f : 3)];
        double[] start = [.. x.Select(_ => -20.0)];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
        BoosterResult result = Booster.Fit(new LabelledRows(matrix, y) { InitialMargins = start }, null, s_options with { Objective = ObjectiveKind.Poisson, LearningRate = 0.5, MinChildWeight = 0, L2 = 0 });
        Assert.All(result.TrainLoss, loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal(0, result.Ensemble.BaseMargin);
        Assert.Equal(Math.Log(100), result.Ensemble.Margin([1]) - 20, 0.01);
        Assert.Equal(Math.Log(3), result.Ensemble.Margin([0]) - 20, 0.01);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Fit_Quantile_AsManyLabelsLieBelow(double share)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextSingle() * 4)];
        float[] y = [.. x.Select(value => value * 10 + (float)(-(1 + value) * Math.Log(1 - random.NextDouble())))];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
        TreeEnsemble ensemble = Booster.Fit(new LabelledRows(matrix, y), null, s_options with { Objective = ObjectiveKind.Quantile, QuantileAlpha = share, MinRowsInLeaf = 200, MaxLeaves = 8 }).Ensemble;
        int[] below = new int[4], all = new int[4];
        for (int row = 0; row < y.Length; row++)
        {
            all[(int)x[row]]++;
            below[(int)x[row]] += y[row] <= ensemble.Margin([x[row]]) ? 1 : 0;
        }
        Assert.All(below.Zip(all), pair => Assert.Equal(share, (double)pair.First / pair.Second, 0.03));
        // The distribution is known: at x the quantile is 10 x - (1 + x) ln(1 - share).
        Assert.Equal(20 - 3 * Math.Log(1 - share), ensemble.Margin([2f]), 1.5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_Quantile_LeavesHoldTheExactQuantileOfTheirRows(bool weighted)
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 6, weighted);
        using FeatureMatrix matrix = rows.Matrix;
        float[] labels = [.. Enumerable.Range(0, 3000).Select(row => matrix.Row(row)[1] * matrix.Row(row)[2])];
        rows = rows with { Labels = labels };
        var options = new BoosterOptions { Trees = 1, LearningRate = 1, Objective = ObjectiveKind.Quantile, QuantileAlpha = 0.8, EarlyStoppingRounds = 0 };
        TreeEnsemble ensemble = Booster.Fit(rows, null, options).Ensemble;
        DecisionTree tree = Assert.Single(ensemble.Trees);
        Assert.True(tree.LeafCount > 5);
        for (int leaf = 0; leaf < tree.LeafCount; leaf++)
        {
            int[] inside = [.. Enumerable.Range(0, 3000).Where(row => tree.FindLeaf(matrix.Row(row)) == leaf).OrderBy(row => labels[row])];
            double total = inside.Sum(row => weighted ? (double)rows.Weights.Span[row] : 1), sum = 0;
            int at = inside.First(row => (sum += weighted ? rows.Weights.Span[row] : 1) >= 0.8 * total - 1e-9);
            Assert.Equal(labels[at], ensemble.BaseMargin + tree.LeafValue[leaf], 1e-9);
        }
    }

    [Theory]
    [InlineData(ObjectiveKind.Poisson, 0.001f)]
    [InlineData(ObjectiveKind.Tweedie, 0.001f)]
    [InlineData(ObjectiveKind.Quantile, 0f)]
    [InlineData(ObjectiveKind.Focal, 0.001f)]
    [InlineData(ObjectiveKind.Logistic, 0.001f)]
    public void Fit_WeightsOfTwo_AreRowsTwice(ObjectiveKind objective, float tolerance)
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, seed: 6);
        using FeatureMatrix matrix = rows.Matrix, twice = rows.Matrix.Gather([.. Enumerable.Range(0, 2000).Concat(Enumerable.Range(0, 2000))]);
        float[] labels = rows.Labels.ToArray();
        BoosterOptions options = s_options with { Objective = objective, Trees = 10, MinRowsInLeaf = 1, MinRowsPerCategory = 1, QuantizedGradients = false };
        TreeEnsemble weighted = Booster.Fit(rows with { Weights = Enumerable.Repeat(2f, 2000).ToArray() }, null, options).Ensemble;
        TreeEnsemble repeated = Booster.Fit(new LabelledRows(twice, labels.Concat(labels).ToArray()), null, options).Ensemble;
        for (int row = 0; row < 2000; row++)
            Assert.Equal(weighted.Margin(matrix.Row(row)), repeated.Margin(matrix.Row(row)), tolerance + 1e-9);
    }

    private static int Draw(Random random, double rate)
    {
        int count = 0;
        for (double product = random.NextDouble(); product > Math.Exp(-rate); product *= random.NextDouble())
            count++;
        return count;
    }
}
