namespace ChurnEngine.Decisions.Tests;

public class ExpectedValueKernelTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(3), InlineData(4), InlineData(7), InlineData(8), InlineData(9), InlineData(13), InlineData(33), InlineData(1024)]
    public void Run_AnyLength_EqualsScalarBitForBit(int count)
    {
        var random = new Random(count);
        double[] hostile = [double.NaN, 0, -0.0, double.Epsilon, -5, double.MaxValue, double.PositiveInfinity, 1e-300];
        double[] loss = [.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? hostile[i / 5 % hostile.Length] : random.NextDouble() * 1000)];
        foreach (int offers in new[] { 0, 1, 2, 5, 32 })
        {
            double[] rates = [.. Enumerable.Range(0, offers).Select(_ => random.NextDouble())], charges = [.. Enumerable.Range(0, offers).Select(j => j == 3 ? double.PositiveInfinity : random.NextDouble() * 100)];
            double[] expected = new double[count], actual = new double[count + 2];
            long[] expectedAt = new long[count], actualAt = new long[count + 2];
            (actual[0], actual[^1], actualAt[0], actualAt[^1]) = (77, 77, 77, 77);

            ExpectedValueKernel.Scalar(loss, rates, charges, expected, expectedAt);
            ExpectedValueKernel.Run(loss, rates, charges, actual.AsSpan(1, count), actualAt.AsSpan(1, count));

            Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual[1..^1].Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(expectedAt, actualAt[1..^1]);
            Assert.Equal((77, 77, 77, 77), (actual[0], actual[^1], actualAt[0], actualAt[^1]));
        }
    }

    // The two worked examples of the domain: leave alone, and target.
    [Theory]
    [InlineData(0.8, 100, 50, -18), InlineData(0.5, 2000, 75, 325)]
    public void Scalar_WorkedExamples_AreReproduced(double probability, double value, double cost, double expected)
    {
        double[] best = new double[1];
        long[] offer = new long[1];
        ExpectedValueKernel.Scalar([probability * value], [0.4], [cost], best, offer);
        Assert.Equal(expected, best[0], 1e-12);
        Assert.Equal(0, offer[0]);
    }

    [Fact]
    public void Scalar_EqualOffers_TakesTheFirst_AndNothingOfNothing()
    {
        double[] best = new double[2];
        long[] offer = new long[2];
        ExpectedValueKernel.Scalar([100, double.NaN], [0.1, 0.3, 0.3], [0, 5, 5], best, offer);
        Assert.Equal((25, 1), (best[0], offer[0]));
        Assert.Equal((double.NegativeInfinity, -1), (best[1], offer[1]));
    }
}
