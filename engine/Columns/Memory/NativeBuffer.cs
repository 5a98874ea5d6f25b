using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChurnEngine.Columns;

/// <summary>A fixed run of unmanaged values, 64-byte aligned and zero-padded to a multiple of 64 bytes: the engine's only allocator.</summary>
/// <typeparam name="T">An unmanaged element type.</typeparam>
/// <remarks>Memory: whoever creates it disposes it once; spans taken from it must not outlive it.
/// Errors: <see cref="ObjectDisposedException"/> after Dispose. Source: Arrow columnar format, "Buffer Alignment and Padding".</remarks>
public sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    private const int Alignment = 64;
    private readonly long _paddedBytes;
    private readonly ForeignMemory? _foreign;
    private T* _pointer;
    private bool _isMapped;
    private SpillFile? _file;
    private long _fileOffset;

    private NativeBuffer(T* pointer, long length, long paddedBytes, ForeignMemory? foreign)
    {
        _pointer = pointer;
        Length = length;
        _paddedBytes = paddedBytes;
        _foreign = foreign;
    }

    /// <summary>Frees a buffer that nobody disposed; <see cref="NativeLedger.LeakedBuffers"/> counts it.</summary>
    ~NativeBuffer() => Free(leaked: true);

    /// <summary>Elements held.</summary>
    public long Length { get; }

    /// <summary>The first element; valid until Dispose.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>All elements as one span.</summary>
    /// <remarks>Errors: <see cref="OverflowException"/> above 2^31 - 1 elements; take a <see cref="Slice"/> then.</remarks>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>One element, bounds-checked in debug builds only.</summary>
    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            System.Diagnostics.Debug.Assert((ulong)index < (ulong)Length, "index outside the buffer");
            return ref Pointer[index];
        }
    }

    /// <summary>Allocates room for <paramref name="length"/> elements; their values are undefined, the padding is zero.</summary>
    /// <param name="length">0 and up.</param>
    public static NativeBuffer<T> Allocate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long bytes = checked(length * sizeof(T));
        long padded = Math.Max(Alignment, checked((bytes + Alignment - 1) / Alignment * Alignment));
        var pointer = (T*)(PageMemory.Serves(padded) ? PageMemory.Allocate(padded) : NativeMemory.AlignedAlloc((nuint)padded, Alignment));
        NativeMemory.Clear((byte*)pointer + bytes, (nuint)(padded - bytes));
        NativeLedger.Allocated(padded);
        return new NativeBuffer<T>(pointer, length, padded, null);
    }

    /// <summary>Allocates room for <paramref name="length"/> elements, all zero.</summary>
    /// <param name="length">0 and up.</param>
    public static NativeBuffer<T> AllocateZeroed(long length)
    {
        NativeBuffer<T> buffer = Allocate(length);
        // Fresh pages are zero.
        if (!PageMemory.Serves(buffer._paddedBytes))
            NativeMemory.Clear(buffer._pointer, (nuint)(length * sizeof(T)));
        return buffer;
    }

    /// <summary>Allocates a copy of <paramref name="values"/>.</summary>
    public static NativeBuffer<T> CopyOf(ReadOnlySpan<T> values)
    {
        NativeBuffer<T> buffer = Allocate(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>Takes values from a file: where the system can, a large buffer takes no memory until it is looked at.</summary>
    /// <param name="file">Need not stay open; must not shrink while the buffer lives.</param>
    /// <param name="offset">Where they begin, a multiple of 4,096.</param>
    /// <param name="length">Elements.</param>
    /// <remarks>Writing to the buffer changes the file in no way. Errors: <see cref="IOException"/>; <see cref="EndOfStreamException"/> when the file ends before.</remarks>
    public static NativeBuffer<T> ReadFrom(SafeFileHandle file, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (offset + length * sizeof(T) > RandomAccess.GetLength(file))
            throw new EndOfStreamException($"{length * sizeof(T):N0} bytes are wanted from {offset:N0} on");
        NativeBuffer<T> buffer = Allocate(length);
        try
        {
            if (PageMemory.Serves(buffer._paddedBytes))
            {
                PageMemory.Replace(buffer._pointer, buffer._paddedBytes, file, offset);
                buffer.LeaveMemory();
                return buffer;
            }
            for (int done = 0, wanted = (int)(length * sizeof(T)); done < wanted;)
            {
                int read = RandomAccess.Read(file, new Span<byte>((byte*)buffer._pointer + done, wanted - done), offset + done);
                done += read > 0 ? read : throw new EndOfStreamException("the file became shorter");
            }
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Looks into memory that another library owns, without a copy.</summary>
    /// <param name="pointer">First element; may be null when <paramref name="length"/> is 0.</param>
    /// <param name="length">Elements that may be read.</param>
    /// <param name="owner">Retained until this buffer is disposed.</param>
    public static NativeBuffer<T> Borrow(T* pointer, long length, ForeignMemory owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return Allocate(0);
        ArgumentNullException.ThrowIfNull(pointer);
        owner.Retain();
        return new NativeBuffer<T>(pointer, length, 0, owner);
    }

    /// <summary>A span over part of the buffer.</summary>
    /// <param name="start">First element.</param>
    /// <param name="length">Number of elements.</param>
    /// <remarks>Errors: <see cref="ArgumentOutOfRangeException"/> when the part is not inside.</remarks>
    public Span<T> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
        return new Span<T>(Pointer + start, length);
    }

    /// <summary>Gives the memory of a part back to the system, and its disk when it is in a file, where that is possible; its values are undefined from then on.</summary>
    /// <param name="start">First element.</param>
    /// <param name="length">Number of elements.</param>
    public void Discard(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
        if (_foreign is not null || !PageMemory.Serves(_paddedBytes))
            return;
        PageMemory.Discard(Pointer + start, length * sizeof(T));
        _file?.Release(_fileOffset + start * sizeof(T), length * sizeof(T));
    }

    /// <summary>Writes the values to a file and gives their memory back to the system; they are read again where they are looked at, so nothing else changes.</summary>
    /// <returns>Whether it did: small buffers stay, and all of them where the system has no such files (only Linux has).</returns>
    /// <remarks>What is written to the buffer later stays in memory until it is moved again. Nobody may write meanwhile. Errors: <see cref="IOException"/> when the disk is full; the buffer is as before then.</remarks>
    public bool MoveTo(SpillFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (_foreign is not null || !PageMemory.Serves(_paddedBytes))
            return false;
        long offset = file.Append(Pointer, _paddedBytes);
        PageMemory.Replace(Pointer, _paddedBytes, file.Handle, offset);
        if (!_isMapped)
            LeaveMemory();
        _file?.Release(_fileOffset, PageMemory.WholePages(_paddedBytes));
        (_file, _fileOffset) = (file, offset);
        return true;
    }

    /// <summary>Forgets what was read of a buffer that is in a file; what was written since it was moved is lost. Does nothing to one in memory.</summary>
    public void Rest()
    {
        if (_isMapped)
            PageMemory.Discard(Pointer, _paddedBytes);
    }

    /// <summary>Frees the memory, or lets go of the foreign owner. A second call does nothing.</summary>
    public void Dispose()
    {
        Free(leaked: false);
        GC.SuppressFinalize(this);
    }

    private void LeaveMemory()
    {
        NativeLedger.Moved(_paddedBytes);
        _isMapped = true;
    }

    private void Free(bool leaked)
    {
        if (_pointer == null)
            return;
        if (_foreign is null)
        {
            if (PageMemory.Serves(_paddedBytes))
                PageMemory.Free(_pointer, _paddedBytes);
            else
                NativeMemory.AlignedFree(_pointer);
            NativeLedger.Freed(_isMapped ? 0 : _paddedBytes);
            _file?.Release(_fileOffset, PageMemory.WholePages(_paddedBytes));
        }
        else
        {
            _foreign.Release();
        }
        if (leaked)
            NativeLedger.Leaked();
        _pointer = null;
    }
}
