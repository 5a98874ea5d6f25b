using System.Runtime.CompilerServices;
using ChurnEngine.Columns.Tests.Interop;

namespace ChurnEngine.Columns.Tests.Memory;

[Collection(NativeMemoryGroup.Name)]
public unsafe class NativeLedgerTests
{
    [Fact]
    public void LiveBytes_AllocateAndDispose_CountsThePaddedBytes()
    {
        long bytes = NativeLedger.LiveBytes;
        long buffers = NativeLedger.LiveBuffers;
        NativeBuffer<int> buffer = NativeBuffer<int>.Allocate(17);
        Assert.Equal(bytes + 128, NativeLedger.LiveBytes);
        Assert.Equal(buffers + 1, NativeLedger.LiveBuffers);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(bytes, NativeLedger.LiveBytes);
        Assert.Equal(buffers, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void PeakBytes_AfterALargeBuffer_RemembersIt()
    {
        long size = NativeLedger.PeakBytes - NativeLedger.LiveBytes + 4096;
        NativeBuffer<byte>.Allocate(size).Dispose();
        Assert.True(NativeLedger.PeakBytes >= NativeLedger.LiveBytes + size);
    }

    [Fact]
    public void LeakedBuffers_BufferNobodyDisposed_IsCountedAndFreed()
    {
        Collect(); // what earlier tests left behind is theirs
        long leaked = NativeLedger.LeakedBuffers;
        long live = NativeLedger.LiveBytes;
        Leak();
        Collect();
        Assert.Equal(leaked + 1, NativeLedger.LeakedBuffers);
        Assert.Equal(live, NativeLedger.LiveBytes);
    }

    [Fact]
    public void LeakedBuffers_BorrowedBufferNobodyDisposed_IsCountedAndReleased()
    {
        Collect(); // what earlier tests left behind is theirs
        long leaked = NativeLedger.LeakedBuffers;
        int releases = 0;
        using NativeBuffer<int> memory = NativeBuffer<int>.AllocateZeroed(4);
        LeakBorrowed(memory, () => releases++);
        Collect();
        Assert.Equal(leaked + 1, NativeLedger.LeakedBuffers);
        Assert.Equal(1, releases);
    }

    [Fact]
    public void LeakedBuffers_EverythingDisposed_StaysAsItIs()
    {
        Collect(); // what earlier tests left behind is theirs
        long leaked = NativeLedger.LeakedBuffers;
        long live = NativeLedger.LiveBuffers;
        BuildAndDispose();
        Collect();
        Assert.Equal(leaked, NativeLedger.LeakedBuffers);
        Assert.Equal(live, NativeLedger.LiveBuffers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leak() => _ = NativeBuffer<int>.Allocate(1000);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeakBorrowed(NativeBuffer<int> memory, Action release)
    {
        var owner = new ForeignMemory(release);
        _ = NativeBuffer<int>.Borrow(memory.Pointer, 4, owner);
        owner.Release();
    }

    // Every type that owns buffers, with growth, nulls and early ends on the way.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BuildAndDispose()
    {
        using (var abandoned = new DictionaryBuilder())
        {
            abandoned.Append("x");
            abandoned.AppendNull();
        }
        using var builder = new DictionaryBuilder();
        using var texts = new Utf8Builder();
        using var flags = new BooleanBuilder();
        using var numbers = new PrimitiveBuilder<double>(ColumnType.Float64);
        for (int i = 0; i < 1000; i++)
        {
            if (i % 3 == 0)
            {
                builder.AppendNull();
                texts.AppendNull();
                flags.AppendNull();
                numbers.AppendNull();
                continue;
            }
            builder.Append($"k{i % 7}");
            texts.Append($"text {i}");
            flags.Append(i % 2 == 0);
            numbers.Append(i);
        }
        var schema = new Schema(new Field("d", ColumnType.Dictionary), new Field("t", ColumnType.Utf8), new Field("b", ColumnType.Boolean), new Field("n", ColumnType.Float64));
        using var table = new Table(schema);
        table.Add(new RecordBatch(schema, [builder.Build(), texts.Build(), flags.Build(), numbers.Build()], 1000));
        using FeatureMatrix matrix = FeatureMatrix.Allocate([new FeatureInfo { Name = "f" }], 10);
        using FeatureMatrix view = matrix.View(2, 3);
        using FeatureMatrix gathered = matrix.Gather([3, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Gather([0, 10]));
        Assert.Throws<ArgumentException>(() => new PrimitiveBuilder<float>(ColumnType.Float64));
    }

    private static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
