namespace ChurnEngine.Trainer.Tests;

public class SplitScanKernelTests
{
    public static TheoryData<int, int> Cases()
    {
        var data = new TheoryData<int, int>();
        foreach (int bins in (int[])[1, 2, 7, 8, 9, 16, 63, 200, 255])
        {
            for (int seed = 0; seed < 12; seed++)
                data.Add(bins, seed);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_AnyHistogram_EqualsScalar(int bins, int seed)
    {
        var random = new Random(seed);
        // Few different sums make ties; empty bins and empty ends must lose them.
        GradientSums[] histogram = [.. Enumerable.Range(0, bins).Select(_ => random.Next(3) == 0 ? default : new GradientSums(random.Next(-3, 4) * 100_000, 50_000 * random.Next(1, 3), random.Next(1, 30)))];
        var missing = new GradientSums(random.Next(-5, 5) * 100_000, 70_000, random.Next(0, 40));
        GradientSums node = histogram.Aggregate(missing, (sum, bin) => sum + bin);
        using var sums = new SumsBuffer(histogram);
        BoosterOptions options = new() { MinRowsInLeaf = random.Next(1, 40), MinChildWeight = random.Next(2) * 0.3, L2 = 1 };
        foreach (BoosterOptions one in (BoosterOptions[])[options, options with { L1 = 0.2 }, options with { MaxDeltaStep = 0.1 }])
        {
            var rule = new GainRule(one, 1e-6, 1e-6);
            Assert.Equal(one == options, rule.IsPlain);
            foreach (GradientSums extra in (GradientSums[])[default, missing])
            {
                foreach (int count in (int[])[bins, bins - 1])
                {
                    double fast = rule.ScoreToBeat(node), scalar = fast;
                    Assert.Equal(SplitScanKernel.Scalar(sums.Sums, count, extra, node, rule, ref scalar), SplitScanKernel.Run(sums.Sums, count, extra, node, rule, ref fast));
                    Assert.Equal(scalar, fast);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sum_AnyLength_EqualsScalar(int bins, int seed)
    {
        var random = new Random(seed);
        using var sums = new SumsBuffer([.. Enumerable.Range(0, bins).Select(_ => new GradientSums(random.NextInt64(), -random.NextInt64(), random.Next()))]);
        foreach (int count in (int[])[0, 1, bins / 2, bins - 1, bins])
            Assert.Equal(SplitScanKernel.SumScalar(sums.Sums, count), SplitScanKernel.Sum(sums.Sums, count));
    }

    [Fact]
    public void Scalar_KnownSums_TakesTheFirstOfTheBest()
    {
        var rule = new GainRule(new BoosterOptions { MinRowsInLeaf = 1, MinChildWeight = 0, L2 = 1 }, 1, 1);
        // Thresholds behind bin 1 and bin 2 score the same.
        using var sums = new SumsBuffer([new(-1, 1, 1), new(-3, 1, 1), default, new(4, 2, 2)]);
        double score = 0;
        Assert.Equal(1, SplitScanKernel.Scalar(sums.Sums, 3, default, new GradientSums(0, 4, 4), rule, ref score));
        Assert.Equal(16 / 3.0 + 16 / 3.0, score, 12);
    }
}
