namespace ChurnEngine.Scoring.Tests;

public class SliceTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 8)]
    [InlineData(10, 3)]
    [InlineData(3, 8)]
    public void Of_AllSlices_CoverEveryPartitionOnceInOrder(int partitions, int count)
    {
        int next = 0;
        for (int index = 0; index < count; index++)
        {
            (int from, int end) = new Slice(index, count).Of(partitions);
            Assert.Equal(next, from);
            Assert.InRange(end - from, partitions / count, partitions / count + 1);
            next = end;
        }
        Assert.Equal(partitions, next);
    }

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/8", 3, 8)]
    public void TryParse_Slice_Reads(string text, int index, int count)
    {
        Assert.True(Slice.TryParse(text, out Slice slice));
        Assert.Equal((new Slice(index, count), text), (slice, slice.ToString()));
    }

    [Theory]
    [InlineData("8/8")]
    [InlineData("-1/8")]
    [InlineData("1/0")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Slice.TryParse(text, out _));
}
