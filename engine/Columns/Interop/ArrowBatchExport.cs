using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChurnEngine.Columns;

/// <summary>Hands batches to another library through the Arrow C data interface, without copying values.</summary>
/// <remarks>
/// Each array, child and dictionary is a native block of its own that holds a reference to the batch, so that a consumer may move any of
/// them out: the batch lives until the last of them is released.
/// <code>
///   block of an array:  [owner handle][buffer pointers][child pointers][child structs]
/// </code>
/// Source: Arrow specification, "The Arrow C data interface", "Moving an array".
/// </remarks>
public static unsafe class ArrowBatchExport
{
    /// <summary>Fills a struct array and gives the batch away: it is disposed when the consumer has released all of it.</summary>
    /// <param name="batch">Not to be used or disposed by the caller any more.</param>
    /// <param name="target">Overwritten; whoever holds it calls its release once.</param>
    public static void Give(RecordBatch batch, ArrowCArray* target)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Fill(batch, target, new ForeignMemory(batch.Dispose));
    }

    /// <summary>Fills a struct array that looks into the batch, which stays the caller's.</summary>
    /// <param name="batch">Must not be disposed before the consumer has released all of the array.</param>
    /// <param name="target">Overwritten; whoever holds it calls its release once.</param>
    public static void Lend(RecordBatch batch, ArrowCArray* target)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Fill(batch, target, new ForeignMemory(() => { }));
    }

    private static void Fill(RecordBatch batch, ArrowCArray* target, ForeignMemory owner)
    {
        ArgumentNullException.ThrowIfNull(target);
        Fill(target, batch.Length, 0, [0], batch.Columns.Count, owner);
        for (int i = 0; i < batch.Columns.Count; i++)
            FillColumn(target->Children[i], batch.Columns[i], owner);
        owner.Release();
    }

    private static void FillColumn(ArrowCArray* target, Column column, ForeignMemory owner)
    {
        Span<nint> pointers = stackalloc nint[1 + column.DataBufferCount];
        pointers[0] = column.NullCount == 0 ? 0 : (nint)column.ValidityBuffer!.Pointer;
        column.FillDataPointers(pointers[1..]);
        Fill(target, column.Length, column.NullCount, pointers, 0, owner);
        if (column is not DictionaryColumn coded)
            return;
        target->Dictionary = (ArrowCArray*)NativeMemory.Alloc((nuint)sizeof(ArrowCArray));
        FillColumn(target->Dictionary, coded.Dictionary, owner);
    }

    private static void Fill(ArrowCArray* target, long length, long nullCount, ReadOnlySpan<nint> buffers, int children, ForeignMemory owner)
    {
        owner.Retain();
        int bufferBytes = buffers.Length * sizeof(void*);
        int pointerBytes = children * sizeof(ArrowCArray*);
        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)(sizeof(nint) + bufferBytes + pointerBytes + children * sizeof(ArrowCArray)));
        *(nint*)block = GCHandle.ToIntPtr(GCHandle.Alloc(owner));
        byte* pointers = block + sizeof(nint);
        buffers.CopyTo(new Span<nint>(pointers, buffers.Length));
        *target = new ArrowCArray
        {
            Length = length,
            NullCount = nullCount,
            BufferCount = buffers.Length,
            Buffers = (void**)pointers,
            ChildCount = children,
            Children = children == 0 ? null : (ArrowCArray**)(pointers + bufferBytes),
            Release = &Release,
            PrivateData = block,
        };
        for (int i = 0; i < children; i++)
            target->Children[i] = (ArrowCArray*)(pointers + bufferBytes + pointerBytes) + i;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(ArrowCArray* array)
    {
        for (int i = 0; i < array->ChildCount; i++)
            ArrowCArray.ReleaseOnce(array->Children[i]);
        if (array->Dictionary != null)
        {
            ArrowCArray.ReleaseOnce(array->Dictionary);
            NativeMemory.Free(array->Dictionary);
        }
        GCHandle handle = GCHandle.FromIntPtr(*(nint*)array->PrivateData);
        var owner = (ForeignMemory)handle.Target!;
        handle.Free();
        NativeMemory.Free(array->PrivateData);
        array->Release = null;
        owner.Release();
    }
}
