namespace ChurnEngine.Decisions.Tests;

public class ExpectedValueKernelTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(33), InlineData(1024)]
    public void Run_AnyLength_EqualsScalarBitForBit(int count)
    {
        var random = new Random(count);
        var options = new DecisionOptions { SaveRate = 0.37, Cost = 11.1, Value = 123.45 };
        float[] probability = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        double[] value = [.. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? double.NaN : random.NextDouble() * 1e6 - 1e5)];
        double[] actual = new double[count + 2];
        actual[0] = actual[^1] = 77;

        ExpectedValueKernel.Run(probability, value, options, actual.AsSpan(1, count));
        Assert.Equal(probability.Zip(value, (p, v) => ExpectedValueKernel.Scalar(p, v, options)), actual[1..^1]);

        ExpectedValueKernel.Run(probability, [], options, actual.AsSpan(1, count));
        Assert.Equal(probability.Select(p => ExpectedValueKernel.Scalar(p, 123.45, options)), actual[1..^1]);
        Assert.Equal((77, 77), (actual[0], actual[^1]));
    }

    // The two worked examples of the domain: leave alone, and target.
    [Theory]
    [InlineData(0.8, 100, 50, -18), InlineData(0.5, 2000, 75, 325)]
    public void Scalar_WorkedExamples_AreReproduced(double probability, double value, double cost, double expected) =>
        Assert.Equal(expected, ExpectedValueKernel.Scalar(probability, value, new DecisionOptions { SaveRate = 0.4, Cost = cost }), 1e-12);
}
