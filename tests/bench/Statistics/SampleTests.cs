namespace ChurnEngine.Bench.Tests;

public class SampleTests
{
    [Fact]
    public void Median_OddAndEven_IsTheMiddle()
    {
        Assert.Equal(3, Sample.Median([9, 1, 3]));
        Assert.Equal(2.5, Sample.Median([4, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Sample.Median([]));
    }

    // Printed tables of the sign test: at n = 5 two-sided 95% cannot be reached, at 6 only by the extremes, at 10 by the second from either end.
    [Theory]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(10, 2)]
    [InlineData(12, 3)]
    [InlineData(20, 6)]
    public void MedianInterval_KnownSizes_UsesTheTablesRank(int n, int rank)
    {
        Interval? interval = Sample.MedianInterval([.. Enumerable.Range(1, n).Select(i => (double)i)]);
        Assert.Equal(new Interval(rank, n + 1 - rank), interval);
    }

    [Fact]
    public void MedianInterval_FiveValues_DoesNotExist() => Assert.Null(Sample.MedianInterval([1, 2, 3, 4, 5]));
}
