namespace ChurnEngine.Columns;

/// <summary>The dictionaries that have come so far, lent to the columns that use them without a copy.</summary>
internal sealed class DictionaryStore : IDisposable
{
    private readonly Dictionary<long, SharedText> _byId = [];

    /// <summary>The dictionary of that id, or null when none has come.</summary>
    public SharedText? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>Keeps a dictionary in the place of an earlier one, which columns that were lent it go on using.</summary>
    public void Set(long id, SharedText dictionary)
    {
        Find(id)?.Dispose();
        _byId[id] = dictionary;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SharedText dictionary in _byId.Values)
            dictionary.Dispose();
        _byId.Clear();
    }
}

/// <summary>A text column that several owners look into; freed with the last of them.</summary>
internal sealed unsafe class SharedText : IDisposable
{
    private readonly Utf8Column _text;
    private readonly ForeignMemory _memory;

    /// <summary>Takes ownership of <paramref name="text"/>.</summary>
    public SharedText(Utf8Column text)
    {
        _text = text;
        _memory = new ForeignMemory(text.Dispose);
    }

    /// <summary>Entries.</summary>
    public int Length => _text.Length;

    /// <summary>True when some entry is null.</summary>
    public bool HasNulls => _text.NullCount > 0;

    /// <summary>True when the entry is null.</summary>
    public bool IsNull(int entry) => _text.IsNull(entry);

    /// <summary>A column over the same bytes, for its taker to dispose. A null entry reads as an empty text there: the rows that name it are null.</summary>
    public Utf8Column Lend()
    {
        Span<nint> pointers = stackalloc nint[2];
        _text.FillDataPointers(pointers);
        NativeBuffer<int> offsets = NativeBuffer<int>.Borrow((int*)pointers[0], Length + 1L, _memory);
        return new Utf8Column(offsets, NativeBuffer<byte>.Borrow((byte*)pointers[1], offsets[Length], _memory), Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Release();
}
