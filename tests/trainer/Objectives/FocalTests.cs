namespace ChurnEngine.Trainer.Tests;

public class FocalTests
{
    // The same as a public constant of the objective, so that the loss keeps what was published.
    [Fact]
    public void Defaults_AreThosePublished() => Assert.Equal((2, 0.25), (Focal.DefaultGamma, Focal.DefaultAlpha));

    [Theory]
    [MemberData(nameof(LogisticTests.Lengths), MemberType = typeof(LogisticTests))]
    public void GradientsAndLoss_AnyLength_EqualTheScalarForms(int count, bool weighted)
    {
        foreach ((double gamma, double alpha) in ((double, double)[])[(2, 0.25), (0, 0.5), (0.7, 0.9)])
        {
            var focal = new Focal(gamma, alpha);
            var random = new Random(count);
            double[] margins = [.. Enumerable.Range(0, count).Select(_ => LogisticTests.Hostile(random))];
            float[] labels = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(2))];
            float[] weights = weighted ? [.. Enumerable.Range(0, count).Select(_ => 3 * random.NextSingle())] : [];
            float[] gradients = new float[count + 2], hessians = new float[count + 2], expectedGradients = new float[count], expectedHessians = new float[count];
            gradients[0] = gradients[^1] = hessians[0] = hessians[^1] = 77;
            var rows = new LossRows(margins, labels, weights);
            Focal.GradientsScalar(focal, rows, expectedGradients, expectedHessians);
            focal.Gradients(rows, gradients.AsSpan(1, count), hessians.AsSpan(1, count));
            for (int row = 0; row < count; row++)
            {
                Assert.Equal(expectedGradients[row], gradients[row + 1], 1e-6f);
                Assert.Equal(expectedHessians[row], hessians[row + 1], 1e-6f);
            }
            Assert.Equal((77f, 77f, 77f, 77f), (gradients[0], gradients[^1], hessians[0], hessians[^1]));
            double loss = Focal.LossScalar(focal, rows);
            Assert.Equal(loss, focal.Loss(rows), 1e-12 * Math.Max(1, loss));
        }
    }

    [Theory]
    [InlineData(-800, 1, -0.25f, 200)]
    [InlineData(800, 1, 0, 0)]
    [InlineData(800, 0, 0.75f, 600)]
    [InlineData(-800, 0, 0, 0)]
    public void ExtremeMargin_StaysFinite(double margin, float label, float gradient, double loss)
    {
        var focal = new Focal(Focal.DefaultGamma, Focal.DefaultAlpha);
        float[] gradients = new float[1], hessians = new float[1];
        var rows = new LossRows([margin], [label], default);
        focal.Gradients(rows, gradients, hessians);
        Assert.Equal((gradient, 0f), (gradients[0], hessians[0]));
        Assert.Equal(loss, focal.Loss(rows), 9);
    }

    [Fact]
    public void GammaNone_IsHalfTheLogLoss()
    {
        double[] margins = [-2, 0.5, 3];
        float[] labels = [1, 0, 1];
        var rows = new LossRows(margins, labels, default);
        Assert.Equal(0.5 * Logistic.Instance.Loss(rows), new Focal(0, 0.5).Loss(rows), 12);
    }
}
