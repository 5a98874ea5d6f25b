namespace ChurnEngine.Trainer.Tests;

public class ObjectiveTests
{
    [Fact]
    public void Logistic_Derivatives_AreThoseOfTheLoss() => AssertDerivatives<Logistic>([0, 1]);

    [Fact]
    public void SquaredError_Derivatives_AreThoseOfTheLoss() => AssertDerivatives<SquaredError>([-3, 0.5f]);

    [Theory]
    [InlineData(-800)]
    [InlineData(800)]
    public void Logistic_ExtremeMargin_StaysFinite(double margin)
    {
        double[] margins = [margin, margin];
        float[] gradients = new float[2], hessians = new float[2];
        var rows = new LossRows(margins, [0, 1], default);
        Logistic.Gradients(rows, gradients, hessians);
        Assert.Equal(800, Logistic.Loss(rows), 9);
        Assert.Equal(margin > 0 ? [1f, 0f] : [0f, -1f], gradients);
        Assert.Equal([0f, 0f], hessians);
    }

    [Fact]
    public void Logistic_BaseMargin_IsTheLogOdds() => Assert.Equal(Math.Log(0.2 / 0.8), Logistic.BaseMargin(0.2), 12);

    [Theory]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(1025)]
    public void Logistic_AnyLength_WeighsEveryRow(int count)
    {
        double[] margins = [.. Enumerable.Range(0, count).Select(i => Math.Sin(i))];
        float[] labels = [.. Enumerable.Range(0, count).Select(i => (float)(i % 2))];
        float[] weights = [.. Enumerable.Range(0, count).Select(i => i % 3 * 0.5f)];
        double expected = margins.Select((margin, i) => weights[i] * Math.Log(1 + Math.Exp(labels[i] == 1 ? -margin : margin))).Sum();
        Assert.Equal(expected, Logistic.Loss(new LossRows(margins, labels, weights)), 9);
    }

    private static void AssertDerivatives<TObjective>(float[] labels) where TObjective : IObjective
    {
        const double Step = 1e-4;
        foreach (float label in labels)
        {
            foreach (double margin in (double[])[-6, -0.3, 0, 1.7, 5])
            {
                float[] gradient = new float[1], hessian = new float[1];
                TObjective.Gradients(new LossRows([margin], [label], [2.5f]), gradient, hessian);
                double below = Loss(margin - Step), here = Loss(margin), above = Loss(margin + Step);
                Assert.Equal((above - below) / (2 * Step), gradient[0], 1e-5);
                Assert.Equal((above - 2 * here + below) / (Step * Step), hessian[0], 1e-4);

                double Loss(double at) => TObjective.Loss(new LossRows([at], [label], [2.5f]));
            }
        }
    }
}
