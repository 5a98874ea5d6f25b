using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public sealed class ImportanceTests
{
    [Fact]
    public void Fit_OneTree_GainIsTheFallOfTheObjective()
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, 40);
        using FeatureMatrix matrix = rows.Matrix;
        var options = new BoosterOptions { Objective = ObjectiveKind.SquaredError, Trees = 1, LearningRate = 1, L2 = 0, MinChildWeight = 0 };
        BoosterResult result = Booster.Fit(rows, null, options);
        // Without a penalty a squared error falls by half the gain, and from the mean alone it is half the variance.
        float[] labels = rows.Labels.ToArray();
        double mean = labels.Average(label => (double)label), before = labels.Average(label => (label - mean) * (label - mean) / 2);
        Assert.Equal((before - result.TrainLoss[0]) * labels.Length, result.Importance.Sum(feature => feature.Gain) / 2, 1e-3);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(0)]
    public void Fit_WithOrWithoutStopping_CountsTheTreesThatWereKept(int patience)
    {
        (LabelledRows train, _) = TestRows.Churn(1500, 20);
        (LabelledRows later, _) = TestRows.Churn(3000, 21);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        var options = new BoosterOptions { Trees = 100, LearningRate = 0.3, EarlyStoppingRounds = patience };
        BoosterResult result = Booster.Fit(train, later, options);
        Assert.Equal(patience > 0, result.BestRound < result.TrainLoss.Count);
        long[] splits = new long[matrix.FeatureCount];
        foreach (DecisionTree tree in result.Ensemble.Trees)
        {
            foreach (int feature in tree.Feature)
                splits[feature]++;
        }
        Assert.Equal(splits, result.Importance.Select(feature => feature.Splits));
        Assert.All(result.Importance, feature => Assert.Equal(feature.Splits > 0, feature.Gain > 0));

        // The first trees of a longer training are the same, so their gains are too.
        BoosterResult exact = Booster.Fit(train, null, options with { Trees = result.BestRound });
        Assert.Equal(exact.Importance, result.Importance);
    }

    [Fact]
    public void Fit_NoiseAndAConstant_GainLittleAndNothing()
    {
        (LabelledRows rows, _) = TestRows.Churn(5000, 41);
        using FeatureMatrix matrix = rows.Matrix;
        for (int row = 0; row < 5000; row++)
            matrix.Row(row)[6] = 1;
        IReadOnlyList<FeatureImportance> importance = Booster.Fit(rows, null, new BoosterOptions { Trees = 20 }).Importance;
        Assert.Equal(new FeatureImportance(0, 0), importance[6]);
        Assert.True(importance[0].Gain > 5 * importance[7].Gain, $"tenure {importance[0].Gain}, noise {importance[7].Gain}");
    }
}
