using System.Runtime.InteropServices;

namespace ChurnEngine.Columns;

/// <summary>The schema half of the Arrow C Data Interface, field for field.</summary>
/// <remarks>Source: Arrow specification, "The Arrow C data interface".</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct ArrowCSchema
{
    internal byte* Format;
    internal byte* Name;
    internal byte* Metadata;
    internal long Flags;
    internal long ChildCount;
    internal ArrowCSchema** Children;
    internal ArrowCSchema* Dictionary;
    internal delegate* unmanaged[Cdecl]<ArrowCSchema*, void> Release;
    internal void* PrivateData;

    internal const long NullableFlag = 2;

    /// <summary>True once the producer's memory was given back, or moved elsewhere.</summary>
    public readonly bool IsReleased => Release == null;

    /// <summary>Gives the producer's memory back; harmless when that was done before.</summary>
    public static void ReleaseOnce(ArrowCSchema* schema)
    {
        if (schema->Release != null)
            schema->Release(schema);
    }
}

/// <summary>The data half of the Arrow C Data Interface, field for field.</summary>
/// <remarks>Source: Arrow specification, "The Arrow C data interface".</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct ArrowCArray
{
    internal long Length;
    internal long NullCount;
    internal long Offset;
    internal long BufferCount;
    internal long ChildCount;
    internal void** Buffers;
    internal ArrowCArray** Children;
    internal ArrowCArray* Dictionary;
    internal delegate* unmanaged[Cdecl]<ArrowCArray*, void> Release;
    internal void* PrivateData;

    /// <summary>True once the producer's memory was given back, or moved elsewhere.</summary>
    public readonly bool IsReleased => Release == null;

    /// <summary>Gives the producer's memory back; harmless when that was done before.</summary>
    public static void ReleaseOnce(ArrowCArray* array)
    {
        if (array->Release != null)
            array->Release(array);
    }
}
