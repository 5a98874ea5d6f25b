using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChurnEngine.Models;

/// <summary>A run of values that starts on a cache line, does not move, and goes when nobody refers to it any more.</summary>
/// <remarks>Not a <see cref="Columns.NativeBuffer{T}"/>: a predictor is handed around like any value, and nobody would know when to dispose what it was compiled to.</remarks>
internal sealed unsafe class AlignedArray<T> where T : unmanaged
{
    private const int Alignment = 64;
    private readonly byte[] _bytes;

    /// <param name="length">Values, 0 and up; all zero.</param>
    public AlignedArray(int length)
    {
        Length = length;
        _bytes = GC.AllocateArray<byte>(checked(length * sizeof(T) + Alignment), pinned: true);
        nuint first = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Start = (T*)((first + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>A copy of the values.</summary>
    public static AlignedArray<T> Of(List<T> values)
    {
        var array = new AlignedArray<T>(values.Count);
        CollectionsMarshal.AsSpan(values).CopyTo(array.Span);
        return array;
    }

    /// <summary>The first value; whoever keeps it keeps this object too.</summary>
    public T* Start { get; }

    public int Length { get; }

    public Span<T> Span => new(Start, Length);
}
