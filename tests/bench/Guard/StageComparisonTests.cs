namespace ChurnEngine.Bench.Tests;

public class StageComparisonTests
{
    [Theory]
    [InlineData(1.15, 1.08, 1.22, true)]
    [InlineData(1.15, 0.99, 1.40, false)]
    [InlineData(1.09, 1.05, 1.12, false)]
    [InlineData(0.80, 0.75, 0.90, false)]
    public void IsSlower_NeedsMoreThanATenthAndNotByChance(double ratio, double low, double high, bool slower) =>
        Assert.Equal(slower, Compared() with { Ratio = new PairedRatio(ratio, new Interval(low, high)) } is { IsSlower: true });

    [Fact]
    public void IsSlower_WithoutInterval_IsNoAlarm() => Assert.False((Compared() with { Ratio = new PairedRatio(3, null) }).IsSlower);

    [Theory]
    [InlineData(1_000_000, 1_000_000, false)]
    [InlineData(1_036_000, 1_000_000, false)]
    [InlineData(1_037_000, 1_000_000, true)]
    [InlineData(16_384, 0, false)]
    [InlineData(16_385, 0, true)]
    public void AllocatesMore_NeedsEveryRoundAboveTheBasesMost(long least, long most, bool more) =>
        Assert.Equal(more, (Compared() with { LeastAllocated = least, BaseMostAllocated = most }).AllocatesMore);

    [Fact]
    public void IsAlarm_OnlyWhatIsWorseAgain()
    {
        StageComparison slower = Compared() with { Ratio = new PairedRatio(1.2, new Interval(1.1, 1.3)) };
        Assert.False(new GuardVerdict([slower], [Compared()]).IsAlarm);
        Assert.True(new GuardVerdict([slower], [slower]).IsAlarm);
        Assert.False(new GuardVerdict([Compared()], []).IsAlarm);
    }

    private static StageComparison Compared() => new()
    {
        Stage = "train",
        Ratio = new PairedRatio(1, new Interval(0.98, 1.02)),
        Seconds = 1,
        AllocatedBytes = 100,
        BaseAllocatedBytes = 100,
        LeastAllocated = 100,
        BaseMostAllocated = 100,
    };
}
