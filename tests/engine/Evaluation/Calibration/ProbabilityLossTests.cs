namespace ChurnEngine.Evaluation.Tests;

public class ProbabilityLossTests
{
    // The examples of scikit-learn's log_loss (0.21616...) and brier_score_loss (0.0375, printed as 0.037).
    [Fact]
    public void Losses_ScikitLearnExamples_AreReproduced()
    {
        Assert.Equal(0.21616, ProbabilityLoss.LogLoss([0.9f, 0.1f, 0.2f, 0.65f], [1, 0, 0, 1]), 5e-6);
        Assert.Equal(0.0375, ProbabilityLoss.Brier([0.1f, 0.9f, 0.8f, 0.3f], [0, 1, 1, 0]), 1e-7);
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(1023), InlineData(1024), InlineData(1025), InlineData(5000)]
    public void Losses_AnyLength_EqualScalar(int rows)
    {
        (float[] probability, float[] labels) = Samples.Draw(rows, rows, 0);
        probability[0] = 0;
        probability[rows / 2] = 1;
        double logLoss = ProbabilityLoss.LogLossScalar(probability, labels), brier = ProbabilityLoss.BrierScalar(probability, labels);
        Assert.Equal(logLoss, ProbabilityLoss.LogLoss(probability, labels), 1e-12 * logLoss);
        Assert.Equal(brier, ProbabilityLoss.Brier(probability, labels), 1e-12 * brier + 1e-300);
    }

    [Fact]
    public void LogLoss_CertainAndWrong_IsClipped() =>
        Assert.Equal(23 * Math.Log(2), ProbabilityLoss.LogLoss([1f, 0f], [0, 1]), 1e-12);

    [Fact]
    public void Losses_NaNProbability_IsNaN_NoRowsToo()
    {
        Assert.Equal(double.NaN, ProbabilityLoss.LogLoss([0.5f, float.NaN], [0, 1]));
        Assert.Equal(double.NaN, ProbabilityLoss.Brier([0.5f, float.NaN], [0, 1]));
        Assert.Equal(double.NaN, ProbabilityLoss.Brier([], []));
    }
}
