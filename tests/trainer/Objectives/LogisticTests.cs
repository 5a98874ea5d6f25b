namespace ChurnEngine.Trainer.Tests;

public class LogisticTests
{
    public static TheoryData<int, bool> Lengths()
    {
        var data = new TheoryData<int, bool>();
        foreach (int length in Enumerable.Range(0, 35).Concat([511, 512, 513, 1025]))
        {
            data.Add(length, false);
            data.Add(length, true);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void GradientsAndLoss_AnyLength_EqualTheScalarForms(int count, bool weighted)
    {
        var random = new Random(count);
        double[] margins = [.. Enumerable.Range(0, count).Select(_ => Hostile(random))];
        float[] labels = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(2))];
        float[] weights = weighted ? [.. Enumerable.Range(0, count).Select(_ => 3 * random.NextSingle())] : [];
        float[] gradients = new float[count + 2], hessians = new float[count + 2], expectedGradients = new float[count], expectedHessians = new float[count];
        gradients[0] = gradients[^1] = hessians[0] = hessians[^1] = 77;

        Logistic.GradientsScalar(new LossRows(margins, labels, weights), expectedGradients, expectedHessians);
        Logistic.Instance.Gradients(new LossRows(margins, labels, weights), gradients.AsSpan(1, count), hessians.AsSpan(1, count));
        for (int row = 0; row < count; row++)
        {
            Assert.Equal(expectedGradients[row], gradients[row + 1], 1e-6f);
            Assert.Equal(expectedHessians[row], hessians[row + 1], 1e-6f);
        }
        Assert.Equal((77f, 77f, 77f, 77f), (gradients[0], gradients[^1], hessians[0], hessians[^1]));
        double loss = Logistic.LossScalar(new LossRows(margins, labels, weights));
        Assert.Equal(loss, Logistic.Instance.Loss(new LossRows(margins, labels, weights)), 1e-12 * Math.Max(1, loss));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void GradientsAndLoss_NoFiniteMargin_AgreeOnWhatIsNaN(double margin)
    {
        double[] margins = [.. Enumerable.Repeat(margin, 17)];
        float[] labels = [.. Enumerable.Repeat(1f, 17)], g = new float[17], h = new float[17], eg = new float[17], eh = new float[17];
        Logistic.GradientsScalar(new LossRows(margins, labels, default), eg, eh);
        Logistic.Instance.Gradients(new LossRows(margins, labels, default), g, h);
        Assert.Equal(eg, g);
        Assert.Equal(eh, h);
        Assert.Equal(Logistic.LossScalar(new LossRows(margins, labels, default)), Logistic.Instance.Loss(new LossRows(margins, labels, default)));
    }

    internal static double Hostile(Random random) => random.Next(12) switch
    {
        0 => -800,
        1 => 800,
        2 => -0.0,
        3 => double.Epsilon,
        4 => 40,
        5 => -40,
        _ => 8 * random.NextDouble() - 4,
    };
}
