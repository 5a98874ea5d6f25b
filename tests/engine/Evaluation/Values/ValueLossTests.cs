namespace ChurnEngine.Evaluation.Tests;

public class ValueLossTests
{
    private static readonly float[] s_predicted = [2, 0.5f, 2, 2], s_labels = [1, 0, 3, 4];

    [Fact]
    public void Deviances_HandWorked()
    {
        double poisson = (2 * (Math.Log(0.5) - 1 + 2) + 2 * 0.5 + 2 * (3 * Math.Log(1.5) - 1) + 2 * (4 * Math.Log(2) - 2)) / 4;
        Assert.Equal(poisson, ValueLoss.PoissonDeviance(s_predicted, s_labels), 1e-12);
        double tweedie = s_labels.Zip(s_predicted, (y, v) => 2 * (-4 * Math.Sqrt(y) + 2 * y / Math.Sqrt(v) + 2 * Math.Sqrt(v))).Average();
        Assert.Equal(tweedie, ValueLoss.TweedieDeviance(s_predicted, s_labels, default, 1.5), 1e-12);
        Assert.Equal(0, ValueLoss.PoissonDeviance([2, 3], [2, 3]), 1e-12);
        Assert.Equal(0, ValueLoss.TweedieDeviance([2, 3], [2, 3], default, 1.3), 1e-12);
        Assert.Equal(double.PositiveInfinity, ValueLoss.PoissonDeviance([0], [1]));
    }

    [Fact]
    public void Errors_HandWorked()
    {
        Assert.Equal((1 + 0.25 + 1 + 4) / 4, ValueLoss.Squared(s_predicted, s_labels));
        Assert.Equal((1 + 0.5 + 1 + 2) / 4, ValueLoss.Absolute(s_predicted, s_labels));
        Assert.Equal((0.1 * 1.5 + 0.9 * 3) / 4, ValueLoss.Quantile(s_predicted, s_labels, default, 0.9), 1e-12);
        Assert.Equal(4, ValueLoss.Squared(s_predicted, s_labels, [0, 0, 0, 2]));
    }

    [Fact]
    public void WeightOfNothing_LeavesARowOut()
    {
        Assert.Equal(1, ValueLoss.Squared([1, float.NaN], [2, 0], [1, 0]));
        Assert.Equal(double.NaN, ValueLoss.Squared([1], [2], [0]));
        Assert.Equal(double.NaN, ValueLoss.Absolute([], []));
        Assert.Equal(double.NaN, ValueLoss.Absolute([float.NaN], [1]));
    }
}
