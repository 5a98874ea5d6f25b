namespace ChurnEngine.Evaluation.Tests.Intervals;

public class BinomialIntervalTests
{
    // Newcombe 1998, table II: 56/70 against 48/80 by method 10 is 0.0524 to 0.3339; Wilson of 81/263 is 0.2553 to 0.3662.
    [Fact]
    public void Wilson_PublishedExample_IsReproduced()
    {
        ShareInterval share = ShareInterval.Wilson(81, 263);
        Assert.Equal(0.2553, share.Lower, 4);
        Assert.Equal(0.3662, share.Upper, 4);
    }

    [Fact]
    public void Difference_PublishedExample_IsReproduced()
    {
        ShareInterval difference = BinomialInterval.Difference(ShareInterval.Wilson(56, 70), ShareInterval.Wilson(48, 80));
        Assert.Equal(0.2, difference.Value, 12);
        Assert.Equal(0.0524, difference.Lower, 4);
        Assert.Equal(0.3339, difference.Upper, 4);
    }

    [Fact]
    public void Wilson_Ends_StayWithin()
    {
        Assert.Equal((0, 0), (ShareInterval.Wilson(0, 20).Value, ShareInterval.Wilson(0, 20).Lower));
        Assert.Equal((1, 1), (ShareInterval.Wilson(20, 20).Value, ShareInterval.Wilson(20, 20).Upper));
        ShareInterval none = BinomialInterval.Difference(ShareInterval.Wilson(0, 0), ShareInterval.Wilson(3, 20));
        Assert.Equal((double.NaN, -1, 1), (none.Value, none.Lower, none.Upper));
    }

    [Theory]
    [InlineData(500, 500, 0.5, 0, 1), InlineData(530, 470, 0.5, 3.6, 0.05778), InlineData(90, 910, 0.1, 1.1111, 0.29184)]
    public void SplitTest_KnownSplits_HaveTheirPValue(long first, long second, double share, double chi, double p)
    {
        (double found, double likely) = BinomialInterval.SplitTest(first, second, share);
        Assert.Equal(chi, found, 4);
        Assert.Equal(p, likely, 4);
    }
}
