namespace ChurnEngine.Trainer.Tests;

public class ObjectiveTests
{
    private static readonly double[] s_margins = [-6, -0.3, 0, 1.7, 5];

    /// <summary>Objectives whose second derivative is the true one, labels to try, and by how much Poisson's is larger.</summary>
    public static TheoryData<string, float[], double> Smooth => new()
    {
        { "logistic", [0, 1], 1 },
        { "squared_error", [-3, 0.5f], 1 },
        { "poisson", [0, 1, 7], Math.Exp(0.7) },
        { "tweedie", [0, 0.3f, 12], 1 },
        { "focal gamma 0", [0, 1], 1 },
    };

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Derivatives_AreThoseOfTheLoss(string name, float[] labels, double hessianScale)
    {
        IObjective objective = Create(name);
        foreach (float label in labels)
        {
            foreach (double margin in s_margins)
            {
                (double first, double second) = Numeric(objective, label, margin);
                (float gradient, float hessian) = Of(objective, label, margin);
                Assert.Equal(first, gradient, 1e-5 * Math.Max(1, Math.Abs(first)));
                Assert.Equal(second * hessianScale, hessian, 1e-4 * Math.Max(1, Math.Abs(second)));
            }
        }
    }

    [Fact]
    public void Focal_Derivatives_TheSecondIsNeverBelowTheTrueOneNor0()
    {
        var focal = new Focal(2, 0.25);
        foreach (float label in (float[])[0, 1])
        {
            foreach (double margin in s_margins)
            {
                (double first, double second) = Numeric(focal, label, margin);
                (float gradient, float hessian) = Of(focal, label, margin);
                Assert.Equal(first, gradient, 1e-5);
                Assert.True(hessian > 0 && hessian > second - 1e-4, $"label {label}, margin {margin}: {hessian}, true {second}");
            }
        }
        // It is below 0 in truth where a row is badly wrong.
        Assert.True(Numeric(focal, 1, -5).Second < 0);
    }

    [Fact]
    public void Quantile_Gradient_IsTheSlopeOfTheLoss()
    {
        var quantile = new Quantile(0.8);
        foreach (double margin in s_margins)
        {
            (float gradient, float hessian) = Of(quantile, 1.1f, margin);
            Assert.Equal(Numeric(quantile, 1.1f, margin).First, gradient, 1e-5);
            Assert.Equal(2.5f, hessian);
        }
        Assert.Equal(2.5f * 0.2f, Of(quantile, 1, 1).Gradient, 1e-6f);
    }

    [Theory]
    [InlineData(-800)]
    [InlineData(800)]
    public void Logistic_ExtremeMargin_StaysFinite(double margin)
    {
        double[] margins = [margin, margin];
        float[] gradients = new float[2], hessians = new float[2];
        var rows = new LossRows(margins, [0, 1], default);
        Logistic.Instance.Gradients(rows, gradients, hessians);
        Assert.Equal(800, Logistic.Instance.Loss(rows), 9);
        Assert.Equal(margin > 0 ? [1f, 0f] : [0f, -1f], gradients);
        Assert.Equal([0f, 0f], hessians);
    }

    [Fact]
    public void Logistic_BaseMargin_IsTheLogOdds() => Assert.Equal(Math.Log(0.2 / 0.8), Logistic.Instance.BaseMargin([1, 0, 0, 0, 0], default), 12);

    [Theory]
    [InlineData("logistic", new float[] { 0, 1, 0, 0 })]
    [InlineData("squared_error", new float[] { -3, 9, 2, 2 })]
    [InlineData("poisson", new float[] { 0, 1, 0, 7 })]
    [InlineData("tweedie", new float[] { 0, 0, 3.5f, 7 })]
    [InlineData("quantile", new float[] { 5, -2, 3, 8 })]
    [InlineData("focal", new float[] { 0, 1, 0, 0 })]
    public void BaseMargin_AnyObjective_HasTheLeastLossOfAllConstants(string name, float[] labels)
    {
        IObjective objective = Create(name);
        float[] weights = [1, 2, 0.5f, 3];
        double best = objective.BaseMargin(labels, weights);
        foreach (double step in (double[])[-1, -0.1, -0.001, 0.001, 0.1, 1])
            Assert.True(Loss(best) <= Loss(best + step) + 1e-12, $"{name}: {best} and {best + step}");

        double Loss(double margin) => objective.Loss(new LossRows([margin, margin, margin, margin], labels, weights));
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("poisson")]
    [InlineData("tweedie")]
    [InlineData("quantile")]
    [InlineData("focal")]
    public void GradientsAndLoss_OfManyRows_AreThoseOfEachRow(string name)
    {
        IObjective objective = Create(name);
        foreach (int count in (int[])[1, 255, 256, 257, 511, 512, 513, 1025])
        {
            double[] margins = [.. Enumerable.Range(0, count).Select(i => 2 * Math.Sin(i))];
            float[] labels = [.. Enumerable.Range(0, count).Select(i => (float)(i % 2))];
            float[] weights = [.. Enumerable.Range(0, count).Select(i => i % 3 * 0.5f)];
            float[] gradients = new float[count], hessians = new float[count];
            objective.Gradients(new LossRows(margins, labels, weights), gradients, hessians);
            double expected = 0;
            for (int row = 0; row < count; row++)
            {
                float[] gradient = new float[1], hessian = new float[1];
                var one = new LossRows([margins[row]], [labels[row]], [1]);
                objective.Gradients(one, gradient, hessian);
                Assert.Equal(weights[row] * gradient[0], gradients[row], 1e-6f);
                Assert.Equal(weights[row] * hessian[0], hessians[row], 1e-6f);
                expected += weights[row] * objective.Loss(one);
            }
            Assert.Equal(expected, objective.Loss(new LossRows(margins, labels, weights)), 1e-9 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData("logistic", 0.5f, false)]
    [InlineData("focal", 2f, false)]
    [InlineData("poisson", -0.1f, false)]
    [InlineData("poisson", 0f, true)]
    [InlineData("poisson", float.PositiveInfinity, false)]
    [InlineData("tweedie", -1f, false)]
    [InlineData("tweedie", 2.5f, true)]
    [InlineData("quantile", -7f, true)]
    [InlineData("quantile", float.NegativeInfinity, false)]
    [InlineData("squared_error", float.PositiveInfinity, false)]
    public void Accepts_Label_AsItsRuleSays(string name, float label, bool fits) => Assert.Equal(fits, Create(name).Accepts(label));

    [Fact]
    public void Names_AreThoseOfTheOptions() => Assert.All(Enum.GetValues<ObjectiveKind>(), kind =>
        Assert.Equal(BoosterValues.NameOf(kind), ObjectiveChoice.Of(new BoosterOptions { Objective = kind }).Name));

    private static IObjective Create(string name) => name == "focal gamma 0" ? new Focal(0, 0.5) : ObjectiveChoice.Of(new BoosterOptions { Objective = BoosterValues.ObjectiveOf(name), QuantileAlpha = 0.7 });

    private static (float Gradient, float Hessian) Of(IObjective objective, float label, double margin)
    {
        float[] gradient = new float[1], hessian = new float[1];
        objective.Gradients(new LossRows([margin], [label], [2.5f]), gradient, hessian);
        return (gradient[0], hessian[0]);
    }

    private static (double First, double Second) Numeric(IObjective objective, float label, double margin)
    {
        const double Step = 1e-4;
        double below = Loss(margin - Step), here = Loss(margin), above = Loss(margin + Step);
        return ((above - below) / (2 * Step), (above - 2 * here + below) / (Step * Step));

        double Loss(double at) => objective.Loss(new LossRows([at], [label], [2.5f]));
    }
}
