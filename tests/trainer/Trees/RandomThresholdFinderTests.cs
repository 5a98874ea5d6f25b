namespace ChurnEngine.Trainer.Tests;

public class RandomThresholdFinderTests
{
    private static readonly BoosterOptions s_options = new() { L2 = 0, MinRowsInLeaf = 1, MinChildWeight = 0 };
    private static readonly float[] s_edges = [1, 2, 4, 8, float.PositiveInfinity];

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.34, 3)]
    [InlineData(0.999, 3)]
    public void Find_Draw_PicksTheBinThatHoldsItBetweenTheEnds(double draw, int expected)
    {
        // Bins 1 to 4 hold rows: thresholds lie between edges 2 and 8.
        SplitCandidate split = Find([default, Bin(-2), Bin(-1), Bin(1), Bin(2), default], draw);
        Assert.Equal(expected, split.LastLeftBin);
        Assert.Equal(10 * expected, split.Left.Rows);
        Assert.True(split.Exists);
    }

    [Fact]
    public void Find_MissingRows_TakeTheBetterSide()
    {
        Assert.True(Find([Bin(-2), Bin(2), default, default, default, Bin(-3)], 0.5).MissingGoesLeft);
        Assert.False(Find([Bin(-2), Bin(2), default, default, default, Bin(3)], 0.5).MissingGoesLeft);
        SplitCandidate only = Find([default, default, Bin(2), default, default, Bin(-3)], 0.5);
        Assert.Equal((2, false, 10), (only.LastLeftBin, only.MissingGoesLeft, only.Left.Rows));
    }

    [Fact]
    public void Find_NothingToPart_FindsNothing()
    {
        Assert.False(Find([default, Bin(2), default, default, default, default], 0.5).Exists);
        Assert.False(Find([default, default, default, default, default, Bin(1)], 0.5).Exists);
        Assert.False(Find([Bin(1), Bin(1), default, default, default, default], 0.5).Exists);
    }

    private static SplitCandidate Find(GradientSums[] histogram, double draw)
    {
        using var sums = new SumsBuffer(histogram);
        return RandomThresholdFinder.Find(sums.Sums, s_edges, histogram.Aggregate(default(GradientSums), (sum, bin) => sum + bin), new GainRule(s_options, 1, 1), draw);
    }

    private static GradientSums Bin(int gradient) => new(10 * gradient, 10, 10);
}
