namespace ChurnEngine.Columns.Tests.Memory;

public unsafe class NativeBufferTests
{
    [Fact]
    public void Allocate_AnyLength_IsAlignedAndPaddedWithZeros()
    {
        for (int length = 0; length <= 200; length++)
        {
            using NativeBuffer<short> buffer = NativeBuffer<short>.Allocate(length);
            buffer.Span.Fill(-1);
            Assert.Equal(0, (long)buffer.Pointer % 64);
            Assert.Equal(length, buffer.Length);
            int padded = Math.Max(64, (length * 2 + 63) / 64 * 64);
            for (int at = length * 2; at < padded; at++)
                Assert.Equal(0, ((byte*)buffer.Pointer)[at]);
        }
    }

    [Fact]
    public void AllocateZeroed_MemoryUsedBefore_IsZero()
    {
        // Freed blocks come back dirty, so that a missing clear shows.
        for (int i = 0; i < 8; i++)
        {
            using NativeBuffer<double> dirty = NativeBuffer<double>.Allocate(1000);
            dirty.Span.Fill(double.NaN);
        }
        using NativeBuffer<double> buffer = NativeBuffer<double>.AllocateZeroed(1000);
        Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void CopyOf_Values_HoldsACopy()
    {
        double[] values = [double.NaN, double.NegativeInfinity, -0.0, 1.5];
        using NativeBuffer<double> buffer = NativeBuffer<double>.CopyOf(values);
        values[3] = 9;
        Assert.Equal([double.NaN, double.NegativeInfinity, -0.0, 1.5], buffer.Span.ToArray());
        Assert.True(double.IsNegative(buffer[2]));
    }

    [Fact]
    public void Allocate_NegativeOrTooLarge_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NativeBuffer<int>.Allocate(-1));
        Assert.Throws<OverflowException>(() => NativeBuffer<long>.Allocate(long.MaxValue / 2));
        Assert.Throws<OverflowException>(() => NativeBuffer<byte>.Allocate(long.MaxValue));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(0, -1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue, int.MaxValue)]
    public void Slice_NotInside_Throws(long start, int length)
    {
        using NativeBuffer<int> buffer = NativeBuffer<int>.Allocate(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(start, length).Length);
    }

    [Fact]
    public void Slice_Inside_SeesTheElements()
    {
        using NativeBuffer<int> buffer = NativeBuffer<int>.CopyOf([1, 2, 3, 4]);
        Assert.Equal([2, 3], buffer.Slice(1, 2).ToArray());
        Assert.True(buffer.Slice(4, 0).IsEmpty);
    }

    [Fact]
    public void Dispose_Twice_SecondDoesNothingAndUseThrows()
    {
        NativeBuffer<int> buffer = NativeBuffer<int>.Allocate(4);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.Slice(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => buffer[0]);
    }

    [Fact]
    public void Borrow_TwoBuffersOfOneOwner_ReleasesOnceAfterTheLast()
    {
        int releases = 0;
        int* memory = stackalloc int[] { 7, 8, 9 };
        var owner = new ForeignMemory(() => releases++);
        NativeBuffer<int> first = NativeBuffer<int>.Borrow(memory, 3, owner);
        NativeBuffer<int> second = NativeBuffer<int>.Borrow(memory + 1, 2, owner);
        owner.Release();
        Assert.True(first.Pointer == memory);
        Assert.Equal([8, 9], second.Span.ToArray());
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, releases);
        second.Dispose();
        Assert.Equal(1, releases);
    }

    [Fact]
    public void Borrow_NothingOfNull_IsEmptyAndRetainsNobody()
    {
        int releases = 0;
        var owner = new ForeignMemory(() => releases++);
        using NativeBuffer<int> buffer = NativeBuffer<int>.Borrow(null, 0, owner);
        owner.Release();
        Assert.Equal(1, releases);
        Assert.True(buffer.Span.IsEmpty);
    }

    [Fact]
    public void Borrow_SomethingOfNull_Throws() =>
        Assert.Throws<ArgumentNullException>(() => NativeBuffer<int>.Borrow(null, 3, new ForeignMemory(() => { })));
}
