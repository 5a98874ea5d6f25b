namespace ChurnEngine.Models.Tests;

public class UnitQuadratureTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(8), InlineData(31), InlineData(64)]
    public void Make_AnyCount_IntegratesPolynomialsToTwiceItsSizeLessOne(int count)
    {
        UnitQuadrature quadrature = UnitQuadrature.Make(count);
        for (int degree = 0; degree < 2 * count; degree++)
            Assert.Equal(1.0 / (degree + 1), quadrature.Points.Zip(quadrature.Weights, (t, w) => w * Math.Pow(t, degree)).Sum(), 1e-14);
        Assert.All(quadrature.Points, t => Assert.InRange(t, double.Epsilon, 1 - 1e-9));
    }
}
