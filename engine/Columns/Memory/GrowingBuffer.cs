namespace ChurnEngine.Columns;

/// <summary>A run of unmanaged values that grows by doubling while a column is built, then leaves as a <see cref="NativeBuffer{T}"/>.</summary>
/// <typeparam name="T">An unmanaged element type.</typeparam>
/// <remarks>Memory: owns its storage until <see cref="Finish"/> hands it over; Dispose frees what was not handed over.</remarks>
public sealed class GrowingBuffer<T> : IDisposable where T : unmanaged
{
    private readonly long _most;
    private NativeBuffer<T> _storage;

    /// <summary>Starts empty with room for <paramref name="capacity"/> elements.</summary>
    /// <param name="capacity">Elements that there is room for at first.</param>
    /// <param name="most">Elements that will hardly be exceeded: once a sixteenth is there, room for all is taken at once, as what is never written costs nothing; 0: not known.</param>
    public GrowingBuffer(long capacity = 16, long most = 0) => (_storage, _most) = (NativeBuffer<T>.Allocate(Math.Max(capacity, 1)), most);

    /// <summary>Elements appended so far.</summary>
    public long Length { get; private set; }

    /// <summary>The elements so far; invalid after the next append.</summary>
    public Span<T> Span => _storage.Slice(0, checked((int)Length));

    /// <summary>An element appended before.</summary>
    public ref T this[long index] => ref _storage[index];

    /// <summary>Appends one value.</summary>
    public void Append(T value)
    {
        if (Length == _storage.Length)
            Grow(Length + 1);
        _storage[Length++] = value;
    }

    /// <summary>Appends all of <paramref name="values"/>.</summary>
    public void Append(ReadOnlySpan<T> values) => values.CopyTo(AppendUninitialised(values.Length));

    /// <summary>Makes room for <paramref name="count"/> values and returns it, to be filled by the caller.</summary>
    public Span<T> AppendUninitialised(int count)
    {
        if (Length + count > _storage.Length)
            Grow(Length + count);
        Span<T> room = _storage.Slice(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Forgets the elements and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <summary>Hands the elements over as a buffer of exactly <see cref="Length"/>; this one is empty and disposed afterwards.</summary>
    public unsafe NativeBuffer<T> Finish()
    {
        NativeBuffer<T> result = NativeBuffer<T>.Allocate(Length);
        Buffer.MemoryCopy(_storage.Pointer, result.Pointer, Length * sizeof(T), Length * sizeof(T));
        Dispose();
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _storage.Dispose();
        Length = 0;
    }

    private unsafe void Grow(long needed)
    {
        long room = Math.Max(needed, _storage.Length * 2);
        NativeBuffer<T> larger = NativeBuffer<T>.Allocate(room >= _most / 16 ? Math.Max(room, _most) : room);
        Buffer.MemoryCopy(_storage.Pointer, larger.Pointer, larger.Length * sizeof(T), Length * sizeof(T));
        _storage.Dispose();
        _storage = larger;
    }
}
