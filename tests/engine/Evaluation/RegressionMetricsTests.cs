namespace ChurnEngine.Evaluation.Tests;

public sealed class RegressionMetricsTests
{
    [Fact]
    public void Evaluate_ByHand()
    {
        RegressionMetrics metrics = RegressionMetrics.Evaluate([1, 2, 3, 5], [1, 3, 3, 9], naive: 5);
        Assert.Equal((4L, 2.75, 4.0), (metrics.Rows, metrics.MeanPredicted, metrics.MeanLabel));
        Assert.Equal(Math.Sqrt(17 / 4.0), metrics.Rmse, 12);
        Assert.Equal(5 / 4.0, metrics.Mae, 12);
        Assert.Equal(1 - 17 / 36.0, metrics.R2, 12); // labels are 3, 1, 1 and 5 from their mean
        Assert.Equal(Math.Sqrt(40 / 4.0), metrics.NaiveRmse, 12);
        Assert.Equal(12 / 4.0, metrics.NaiveMae, 12);
        // Ranks 1 2 3 4 and 1 2.5 2.5 4: 4.5 / sqrt(5 * 4.5).
        Assert.Equal(4.5 / Math.Sqrt(5 * 4.5), metrics.Spearman, 12);
        Assert.Equal(["rows", "mean_label", "mean_predicted", "rmse", "mae", "r2", "spearman", "naive_rmse", "naive_mae"], metrics.ToDictionary().Keys);
    }

    [Fact]
    public void Evaluate_AnyMonotoneCurve_RanksTheSame()
    {
        var random = new Random(5);
        float[] labels = [.. Enumerable.Range(0, 999).Select(_ => (float)random.Next(300))];
        Assert.Equal(1, RegressionMetrics.Evaluate([.. labels.Select(label => label * label)], labels, 0).Spearman, 12);
        Assert.Equal(-1, RegressionMetrics.Evaluate([.. labels.Select(label => -MathF.Sqrt(label))], labels, 0).Spearman, 12);
        Assert.InRange(RegressionMetrics.Evaluate([.. labels.Select(_ => (float)random.NextDouble())], labels, 0).Spearman, -0.15, 0.15);
    }

    [Fact]
    public void Evaluate_NothingVaries_LeavesOutWhatIsNotDefined()
    {
        RegressionMetrics metrics = RegressionMetrics.Evaluate([2, 2], [2, 2], 1);
        Assert.True(double.IsNaN(metrics.R2) && double.IsNaN(metrics.Spearman));
        Assert.DoesNotContain("r2", metrics.ToDictionary().Keys);
        Assert.Equal((0.0, 1.0), (metrics.Rmse, metrics.NaiveRmse));
    }

    [Fact]
    public void Evaluate_BadInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Evaluate([1], [1, 2], 0));
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Evaluate([], [], 0));
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Evaluate([float.NaN], [1], 0));
        Assert.Throws<ArgumentException>(() => RegressionMetrics.Evaluate([1], [float.PositiveInfinity], 0));
    }
}
