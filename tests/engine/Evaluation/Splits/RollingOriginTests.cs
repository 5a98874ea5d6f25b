namespace ChurnEngine.Evaluation.Tests;

public class RollingOriginTests
{
    private static readonly long[] s_months = [.. Enumerable.Range(0, 12).Select(month => 30L * month)];

    [Fact]
    public void Cut_TwelveMonths_RollsBackFromTheLast()
    {
        IReadOnlyList<TimeFold> folds = RollingOrigin.Cut(s_months, asOf => asOf + 30, new RollingOriginOptions { Folds = 3, Training = 4 });
        Assert.Equal([270, 300, 330], folds.Select(fold => fold.AsOf[^1]));
        Assert.Equal([150, 180, 210, 240], folds[^1].Training);
        Assert.All(folds, fold => Assert.Empty(fold.Purged));
    }

    // Whatever horizon, gap, wait and number: two uses never share the time of a label.
    [Fact]
    public void Cut_AnyDesign_PurgesWhatReachesIntoTheNextUse()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            long reach = random.Next(1, 90);
            long[] instants = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (long)random.Next(0, 900)).Distinct().Order()];
            var options = new RollingOriginOptions { Folds = random.Next(1, 6), Training = random.Next(1, 6), LaterRoles = random.Next(1, 4), WaitMicros = random.Next(0, 20), Until = random.Next(2) == 0 ? long.MaxValue : 700 };
            IReadOnlyList<TimeFold> folds = RollingOrigin.Cut(instants, asOf => asOf + reach, options);
            Assert.True(folds.Count <= options.Folds);
            foreach (TimeFold fold in folds)
            {
                Assert.InRange(fold.Training.Count, 1, options.Training);
                for (int i = fold.Training.Count; i < fold.AsOf.Count; i++)
                    Assert.True(fold.AsOf[i - 1] + reach + options.WaitMicros <= fold.AsOf[i], $"seed {seed}");
                Assert.All(fold.Training, asOf => Assert.True(asOf + reach + options.WaitMicros <= fold.AsOf[fold.Training.Count], $"seed {seed}"));
                if (options.Until != long.MaxValue)
                    Assert.True(fold.AsOf[^1] + reach + options.WaitMicros <= options.Until, $"seed {seed}");
                Assert.Empty(fold.AsOf.Intersect(fold.Purged));
            }
            Assert.Equal(folds.Select(fold => fold.AsOf[^1]).Distinct().Order(), folds.Select(fold => fold.AsOf[^1]));
        }
    }

    [Fact]
    public void Cut_TooFewInstants_GivesFewerFolds_OrNone()
    {
        Assert.Equal(2, RollingOrigin.Cut(s_months[..5], asOf => asOf + 30, new RollingOriginOptions { Folds = 9 }).Count);
        Assert.Empty(RollingOrigin.Cut(s_months[..3], asOf => asOf + 30, new RollingOriginOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => RollingOrigin.Cut(s_months, asOf => asOf, new RollingOriginOptions { Folds = 0 }));
    }

    [Theory]
    [InlineData(1, 12.7062), InlineData(4, 2.77645), InlineData(30, 2.04227), InlineData(31, 2.03951), InlineData(60, 2.00030), InlineData(1000, 1.96234)]
    public void Quantile_AnyDegrees_IsThatOfTheTables(int degrees, double expected) => Assert.Equal(expected, FoldMean.Quantile(degrees), 1e-4);

    [Fact]
    public void FoldMean_OfOneFold_HasNoWidth_AndOverlapWidensIt()
    {
        Assert.Equal(new FoldMean(0.8, 0, 0.8, 0.8), FoldMean.Of([0.8], 0.25));
        FoldMean apart = FoldMean.Of([0.7, 0.8, 0.9], 0), shared = FoldMean.Of([0.7, 0.8, 0.9], 0.25);
        Assert.Equal(0.1 / Math.Sqrt(3), apart.StandardError, 1e-12);
        Assert.Equal(0.1 * Math.Sqrt(1.0 / 3 + 0.25), shared.StandardError, 1e-12);
        Assert.Equal(0.8 - 4.30265 * shared.StandardError, shared.Low, 1e-9);
        Assert.Throws<ArgumentException>(() => FoldMean.Of([], 0));
    }
}
