namespace ChurnEngine.Columns.Tests.Memory;

/// <summary>Alone: other tests that free large buffers would add to the pool.</summary>
[CollectionDefinition(nameof(PagePoolTests), DisableParallelization = true)]
[Collection(nameof(PagePoolTests))]
public sealed unsafe class PagePoolTests
{
    private const long Bytes = 5L << 20;

    [Fact]
    public void Allocate_AfterFree_TakesTheSameMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has pages of our own");
        NativeLedger.ReleaseKept();
        NativeBuffer<byte> first = NativeBuffer<byte>.Allocate(Bytes);
        nint place = (nint)first.Pointer;
        first.Dispose();
        Assert.InRange(NativeLedger.KeptBytes, Bytes, Bytes * 9 / 8);
        using NativeBuffer<byte> second = NativeBuffer<byte>.Allocate(Bytes - 4096);
        Assert.Equal(place, (nint)second.Pointer);
        Assert.Equal(0, NativeLedger.KeptBytes);
    }

    [Fact]
    public void AllocateZeroed_KeptMemory_IsZero()
    {
        for (int i = 0; i < 3; i++)
        {
            using NativeBuffer<byte> dirty = NativeBuffer<byte>.Allocate(Bytes);
            dirty.Span.Fill(0xAB);
        }
        using NativeBuffer<byte> zeroed = NativeBuffer<byte>.AllocateZeroed(Bytes);
        Assert.False(zeroed.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Kept_AndUsedTogether_NeverExceedWhatWasUsedAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has pages of our own");
        NativeLedger.ReleaseKept();
        // More than anything in this process has used so far.
        long much = NativeLedger.PeakBytes + (64L << 20);
        NativeBuffer<byte>.Allocate(much).Dispose();
        long kept = NativeLedger.KeptBytes;
        Assert.InRange(kept, much, much * 9 / 8);
        using NativeBuffer<byte> other = NativeBuffer<byte>.Allocate(much / 2);
        Assert.InRange(NativeLedger.KeptBytes, 0, kept - much / 2);
    }

    [Fact]
    public void Free_DiscardedOrInAFile_IsNotKept()
    {
        NativeLedger.ReleaseKept();
        using (NativeBuffer<byte> holed = NativeBuffer<byte>.Allocate(Bytes))
            holed.Discard(0, Bytes / 2);
        using (SpillFile file = SpillFile.Create())
        using (NativeBuffer<byte> moved = NativeBuffer<byte>.Allocate(Bytes))
            moved.MoveTo(file);
        Assert.Equal(0, NativeLedger.KeptBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData((256 << 10) + 1)]
    [InlineData((2 << 20) - 1)]
    [InlineData((9L << 30) + 12345)]
    public void SizeFor_AnySize_IsWholePagesAndAtMostAnEighthMore(long bytes)
    {
        long size = PagePool.SizeFor(bytes);
        Assert.Equal(0, size % 4096);
        Assert.InRange(size, bytes, Math.Max(bytes * 9 / 8, bytes + 4096));
    }
}
