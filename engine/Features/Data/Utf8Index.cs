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
    private const int RecalledTexts = ShortText.Slots, MostRecalled = 1024, LeastAsked = 1024;
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
        fixed (byte* first = bytes)
        {
            for (int row = 0; row < ids.Length; row++)
            {
                int start = offsets[row], length = offsets[row + 1] - start;
                if (recalled is null || !ShortText.TryRead(first, start, length, out ShortText read))
                {
                    ids[row] = IdOf(bytes.Slice(start, length));
                    continue;
                }
                // Two texts of a few that fall on one slot would drive each other out at every turn: each has its neighbour too.
                ref (ShortText Text, int Id) slot = ref recalled[read.Slot];
                if (!slot.Text.Equals(read))
                    slot = ref recalled[read.Slot ^ 1];
                ids[row] = slot.Text.Equals(read) ? slot.Id : Recall(read, bytes.Slice(start, length));
            }
        }
        if (Count > MostRecalled)
            _recalled = null;
    }

    private int Recall(ShortText read, ReadOnlySpan<byte> text)
    {
        int id = IdOf(text), slot = read.Slot;
        // What was there moves on to the neighbour.
        (_recalled![slot], _recalled[slot ^ 1]) = ((read, id), _recalled[slot]);
        return id;
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

/// <summary>A text of 1 to 16 bytes as two numbers, which overlap where it is longer than eight, and its length: equal when the texts are.</summary>
internal readonly struct ShortText(ulong first, ulong last, int length)
{
    /// <summary>Values of <see cref="Slot"/>.</summary>
    public const int Slots = 256;

    private const ulong Mix = 0x9E3779B97F4A7C15UL;
    private const int SlotShift = 56;
    private readonly ulong _first = first;
    private readonly ulong _last = last;
    private readonly int _length = length;

    public int Slot
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)(((_first ^ BitOperations.RotateLeft(_last, 29)) * Mix) >> SlotShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ShortText other) => _first == other._first && _last == other._last && _length == other._length;

    /// <summary>Reads the text at <paramref name="start"/> of a column's; not one of another length, nor the first few of a column, before which nothing may be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool TryRead(byte* texts, int start, int length, out ShortText read)
    {
        const int Word = sizeof(ulong);
        ulong last = start + length >= Word ? Unsafe.ReadUnaligned<ulong>(texts + start + length - Word) : 0;
        bool reads = (uint)(length - 1) < 2 * Word && start + length >= Word;
        read = length > Word ? new ShortText(reads ? Unsafe.ReadUnaligned<ulong>(texts + start) : 0, last, length) : new ShortText(last >> (8 * (Word - length)), 0, length);
        return reads;
    }
}
