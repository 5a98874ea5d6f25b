using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class EarlyStoppingTests
{
    [Fact]
    public void Observe_NoBetterLoss_StopsAfterThePatience()
    {
        var stopping = new EarlyStopping(patience: 2);
        double[] losses = [0.5, 0.4, 0.4, 0.39, 0.41, double.NaN];
        Assert.Equal([false, false, false, false, false, true], losses.Select((loss, i) => stopping.Observe(i + 1, loss)));
        Assert.Equal(4, stopping.BestRound);
    }

    [Fact]
    public void Observe_LargerIsBetter_TurnsTheOrderRound()
    {
        var stopping = new EarlyStopping(patience: 2, largerIsBetter: true);
        double[] values = [0.5, 0.6, double.NaN, 0.6];
        Assert.Equal([false, false, false, true], values.Select((value, i) => stopping.Observe(i + 1, value)));
        Assert.Equal(2, stopping.BestRound);
    }

    [Fact]
    public void Fit_ValidationTurns_KeepsTheBestRoundAndStops()
    {
        (LabelledRows train, _) = TestRows.Churn(1500, seed: 20);
        (LabelledRows later, _) = TestRows.Churn(3000, seed: 21);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        var options = new BoosterOptions { Trees = 2000, LearningRate = 0.2, EarlyStoppingRounds = 15 };
        BoosterResult result = Booster.Fit(train, later, options);
        Assert.InRange(result.BestRound, 2, 500);
        Assert.Equal(result.BestRound + 15, result.ValidationLoss.Count);
        Assert.Equal(result.ValidationLoss.Count, result.TrainLoss.Count);
        Assert.Equal(result.ValidationLoss.Min(), result.ValidationLoss[result.BestRound - 1]);
        Assert.Equal(result.BestRound, result.Ensemble.Trees.Count);

        BoosterResult all = Booster.Fit(train, later, options with { Trees = result.BestRound + 30, EarlyStoppingRounds = 0 });
        Assert.Equal(result.BestRound + 30, all.Ensemble.Trees.Count);
        Assert.Equal(result.ValidationLoss, all.ValidationLoss.Take(result.ValidationLoss.Count));
    }
}
