namespace ChurnEngine.Features.Tests;

public class PartitionHashTests
{
    // These numbers are a promise: files written by one release are continued by the next.
    [Theory]
    [InlineData(0L, 0xE220A8397B1DCDAFUL)]
    [InlineData(1L, 0x910A2DEC89025CC1UL)]
    [InlineData(-1L, 0xE4D971771B652C20UL)]
    public void OfInt64_KnownKeys_NeverChanges(long key, ulong expected) => Assert.Equal(expected, PartitionHash.OfInt64(key));

    [Fact]
    public void OfUtf8_Text_IsFnv1aThenTheMix()
    {
        Assert.Equal(PartitionHash.OfInt64(unchecked((long)0xCBF29CE484222325UL)), PartitionHash.OfUtf8(""u8));
        Assert.Equal(PartitionHash.OfInt64(unchecked((long)0xAF63DC4C8601EC8CUL)), PartitionHash.OfUtf8("a"u8));
    }

    [Fact]
    public void PartitionOf_TwiceThePartitions_SplitsEachInTwo()
    {
        for (long key = 0; key < 1000; key++)
        {
            ulong hash = PartitionHash.OfInt64(key);
            Assert.Equal(PartitionHash.PartitionOf(hash, 8), PartitionHash.PartitionOf(hash, 16) / 2);
        }
        Assert.Equal(0, PartitionHash.PartitionOf(ulong.MaxValue, 1));
    }
}
