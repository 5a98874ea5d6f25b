using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Numbers distinct byte strings in order of first appearance; open addressing over unmanaged memory.</summary>
/// <remarks>Memory: the bytes of each distinct text once, 16 bytes an entry, 8 to 16 bytes of slots. Not thread-safe.</remarks>
internal sealed unsafe class Utf8Index : IDisposable
{
    // Columns of few and short texts, such as kinds, ask for the same ones again and again.
    private const int RecalledTexts = 256, MostRecalled = 1024, LeastAsked = 1024;
    private readonly GrowingBuffer<byte> _bytes = new(1024);
    private readonly GrowingBuffer<long> _offsets = new();
    private readonly GrowingBuffer<ulong> _hashes = new();
    private NativeBuffer<int> _slots = NativeBuffer<int>.AllocateZeroed(64);

    private (ShortText Text, int Id)[]? _recalled;
    private long _asked;

    public Utf8Index() => _offsets.Append(0);

    public int Count => (int)_hashes.Length;

    public ReadOnlySpan<byte> this[int id] => new((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _bytes[_offsets[id]]), (int)(_offsets[id + 1] - _offsets[id]));

    public ulong HashOf(int id) => _hashes[id];

    public string TextOf(int id) => Encoding.UTF8.GetString(this[id]);

    /// <summary>The number of a text, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        int found = _slots[FindSlot(text, PartitionHash.OfUtf8(text))] - 1;
        return found;
    }

    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        ulong hash = PartitionHash.OfUtf8(text);
        long slot = FindSlot(text, hash);
        if (_slots[slot] != 0)
            return _slots[slot] - 1;
        int id = Count;
        _bytes.Append(text);
        _offsets.Append(_bytes.Length);
        _hashes.Append(hash);
        _slots[slot] = id + 1;
        if (2L * Count > _slots.Length)
            Grow();
        return id;
    }

    /// <summary>The number of a text, added when it is new; -1 where it is blank.</summary>
    public int IdOf(ReadOnlySpan<byte> text) => TextCells.IsBlank(text) ? -1 : GetOrAdd(text);

    /// <summary>The same for the rows of a column.</summary>
    /// <param name="offsets">[n + 1] where each row's text begins.</param>
    /// <param name="bytes">The texts.</param>
    /// <param name="ids">[n] gets the numbers.</param>
    public void IdsOf(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bytes, Span<int> ids)
    {
        (ShortText Text, int Id)[]? recalled = _recalled;
        // What is asked seldom, as by a service of one customer, is not worth the room.
        if (recalled is null && Count <= MostRecalled && (_asked += ids.Length) > LeastAsked)
            recalled = _recalled = new (ShortText, int)[RecalledTexts];
        for (int row = 0; row < ids.Length; row++)
        {
            ReadOnlySpan<byte> text = bytes[offsets[row]..offsets[row + 1]];
            if (recalled is null || Count > MostRecalled || !ShortText.TryRead(text, out ShortText read))
            {
                ids[row] = IdOf(text);
                continue;
            }
            ref (ShortText Text, int Id) slot = ref recalled[read.Hash & (RecalledTexts - 1)];
            if (slot.Text.First != read.First || slot.Text.Last != read.Last || slot.Text.Length != read.Length)
                slot = (read, IdOf(text));
            ids[row] = slot.Id;
        }
    }

    public int GetOrAdd(string text) => GetOrAdd(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        _bytes.Dispose();
        _offsets.Dispose();
        _hashes.Dispose();
        _slots.Dispose();
    }

    private long FindSlot(ReadOnlySpan<byte> text, ulong hash)
    {
        long mask = _slots.Length - 1;
        long slot = (long)hash & mask;
        int* slots = _slots.Pointer;
        while (slots[slot] != 0 && !(_hashes[slots[slot] - 1] == hash && this[slots[slot] - 1].SequenceEqual(text)))
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        NativeBuffer<int> larger = NativeBuffer<int>.AllocateZeroed(_slots.Length * 2);
        long mask = larger.Length - 1;
        for (int id = 0; id < Count; id++)
        {
            long slot = (long)_hashes[id] & mask;
            while (larger[slot] != 0)
                slot = (slot + 1) & mask;
            larger[slot] = id + 1;
        }
        _slots.Dispose();
        _slots = larger;
    }
}

/// <summary>A text of 1 to 16 bytes as two numbers, which overlap where it is shorter, and its length: equal when the texts are.</summary>
internal readonly struct ShortText(ulong first, ulong last, int length)
{
    public readonly ulong First = first, Last = last;
    public readonly int Length = length;

    private const ulong Mix = 0x9E3779B97F4A7C15UL;

    public int Hash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(((First ^ BitOperations.RotateLeft(Last, 29)) * Mix) >> 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, out ShortText read)
    {
        read = text.Length switch
        {
            0 or > 16 => default,
            >= 8 => new ShortText(BinaryPrimitives.ReadUInt64LittleEndian(text), BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]), text.Length),
            >= 4 => new ShortText(BinaryPrimitives.ReadUInt32LittleEndian(text), BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]), text.Length),
            _ => new ShortText(text[0], (ulong)text[text.Length / 2] << 8 | text[^1], text.Length),
        };
        return read.Length > 0;
    }
}
