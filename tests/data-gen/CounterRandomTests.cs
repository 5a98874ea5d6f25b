namespace ChurnEngine.DataGen.Tests;

public class CounterRandomTests
{
    private const int Draws = 200_000;

    [Fact]
    public void NextBits_SameKey_GivesTheSameSequence()
    {
        CounterRandom first = Draw(customer: 5, DrawPurpose.Events, period: 7);
        CounterRandom second = Draw(customer: 5, DrawPurpose.Events, period: 7);
        for (int i = 0; i < 100; i++)
            Assert.Equal(first.NextBits(), second.NextBits());
    }

    // Pinned: a change here is a change of every world ever generated.
    [Fact]
    public void NextBits_KnownKey_IsPinned() => Assert.Equal(13280776935806788296, Draw(customer: 1, DrawPurpose.Churn, period: 2).NextBits());

    [Fact]
    public void NextBits_AnyOtherPartOfTheKey_GivesOtherNumbers()
    {
        HashSet<ulong> seen = [];
        for (int customer = 0; customer < 50; customer++)
        {
            foreach (DrawPurpose purpose in Enum.GetValues<DrawPurpose>())
            {
                for (int period = 0; period < 50; period++)
                    Assert.True(seen.Add(Draw(customer, purpose, period).NextBits()), $"customer {customer}, {purpose}, period {period}");
            }
        }
    }

    [Fact]
    public void NextUnit_ManyDraws_AreUniform()
    {
        CounterRandom draw = Draw(1, DrawPurpose.Events, 0);
        int[] cells = new int[20];
        for (int i = 0; i < Draws; i++)
            cells[(int)(draw.NextUnit() * 20)]++;
        double chiSquared = cells.Sum(c => Math.Pow(c - Draws / 20.0, 2) / (Draws / 20.0));
        Assert.True(chiSquared < 43.8, $"chi-squared {chiSquared} with 19 degrees of freedom; 0.1% lie above 43.8");
    }

    // The first number of each key is what most decisions hang on.
    [Fact]
    public void NextUnit_FirstOfManyKeys_IsUniform()
    {
        int[] cells = new int[20];
        for (int i = 0; i < Draws; i++)
            cells[(int)(Draw(i, DrawPurpose.Churn, i % 12).NextUnit() * 20)]++;
        double chiSquared = cells.Sum(c => Math.Pow(c - Draws / 20.0, 2) / (Draws / 20.0));
        Assert.True(chiSquared < 43.8, $"chi-squared {chiSquared}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(3)]
    [InlineData(200)]
    public void NextPoisson_Mean_IsMeanAndVariance(double mean)
    {
        CounterRandom draw = Draw(2, DrawPurpose.Events, 0);
        double sum = 0, squares = 0;
        for (int i = 0; i < 50_000; i++)
        {
            int value = draw.NextPoisson(mean);
            sum += value;
            squares += (value - mean) * (value - mean);
        }
        Assert.Equal(mean, sum / 50_000, 5 * Math.Sqrt(mean / 50_000) + 1e-12);
        Assert.Equal(mean, squares / 50_000, 5 * Math.Sqrt((mean + 2 * mean * mean) / 50_000) + 1e-12);
    }

    [Fact]
    public void NextNormalAndExponential_Moments_AreRight()
    {
        CounterRandom draw = Draw(3, DrawPurpose.Events, 0);
        double normal = 0, squares = 0, exponential = 0;
        for (int i = 0; i < Draws; i++)
        {
            double value = draw.NextNormal();
            normal += value;
            squares += value * value;
            exponential += draw.NextExponential();
        }
        Assert.Equal(0, normal / Draws, 0.012);
        Assert.Equal(1, squares / Draws, 0.016);
        Assert.Equal(1, exponential / Draws, 0.012);
    }

    [Fact]
    public void NextBelow_SmallBound_ReachesEveryValueAndNoMore()
    {
        CounterRandom draw = Draw(4, DrawPurpose.Events, 0);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enumerable.Range(0, 1000).Select(_ => draw.NextBelow(7)).Distinct().Order());
    }

    private static CounterRandom Draw(long customer, DrawPurpose purpose, long period) =>
        new(CounterRandom.CustomerKey(seed: 42, customer), purpose, period);
}
