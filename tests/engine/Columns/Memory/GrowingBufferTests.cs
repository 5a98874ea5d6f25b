namespace ChurnEngine.Columns.Tests.Memory;

public class GrowingBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100_000)]
    public void Append_OneByOne_KeepsEveryValueInOrder(int count)
    {
        using var growing = new GrowingBuffer<int>(capacity: 1);
        for (int i = 0; i < count; i++)
            growing.Append(i * 3);
        Assert.Equal(count, growing.Length);
        using NativeBuffer<int> finished = growing.Finish();
        Assert.Equal(count, finished.Length);
        Assert.Equal(Enumerable.Range(0, count).Select(i => i * 3), finished.Span.ToArray());
    }

    [Fact]
    public void Append_SpansAndSingles_KeepsTheOrder()
    {
        using var growing = new GrowingBuffer<int>(capacity: 0);
        growing.Append([1, 2, 3]);
        growing.Append(4);
        growing.Append(ReadOnlySpan<int>.Empty);
        growing.AppendUninitialised(2).Fill(5);
        growing[0] = 9;
        Assert.Equal([9, 2, 3, 4, 5, 5], growing.Span.ToArray());
    }

    [Fact]
    public void AppendUninitialised_Negative_Throws()
    {
        using var growing = new GrowingBuffer<int>();
        growing.Append([1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => growing.AppendUninitialised(-1).Length);
        Assert.Equal(3, growing.Length);
    }

    [Fact]
    public void Finish_Once_LeavesItEmptyAndDisposed()
    {
        var growing = new GrowingBuffer<int>();
        growing.Append(1);
        growing.Finish().Dispose();
        Assert.Equal(0, growing.Length);
        Assert.Throws<ObjectDisposedException>(() => growing.Append(2));
        growing.Dispose();
    }

    [Fact]
    public unsafe void Finish_AnyLength_PadsWithZeros()
    {
        using var growing = new GrowingBuffer<byte>(256);
        growing.AppendUninitialised(200).Fill(0xFF);
        using NativeBuffer<byte> finished = growing.Finish();
        for (int at = 200; at < 256; at++)
            Assert.Equal(0, finished.Pointer[at]);
    }
}
