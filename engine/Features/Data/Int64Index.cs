using System.Numerics;
using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Numbers distinct integers in order of first appearance; open addressing over unmanaged memory.</summary>
/// <remarks>Takes memory with its first number: of one customer's 256 buckets 255 stay empty.</remarks>
internal sealed unsafe class Int64Index : IDisposable
{
    private const int FirstSlots = 64;

    // 2^64 over the golden ratio: keys that follow one another, or stand equally far apart, fall far from each other. Source: Knuth, TAOCP 3, 6.4.
    private const ulong Spread = 0x9E3779B97F4A7C15UL;
    private GrowingBuffer<long>? _keys;
    private NativeBuffer<int>? _slots;

    public int Count => _keys is null ? 0 : (int)_keys.Length;

    public long this[int id] => _keys![id];

    /// <summary>The numbers of <paramref name="keys"/>, new ones as they come.</summary>
    public void GetOrAdd(ReadOnlySpan<long> keys, Span<int> ids)
    {
        for (int row = 0; row < keys.Length;)
        {
            // Until the next new key nothing moves.
            int* slots = _slots is null ? null : _slots.Pointer;
            long* known = _keys is null ? null : (long*)Unsafe.AsPointer(ref _keys[0]);
            long mask = _slots is null ? 0 : _slots.Length - 1;
            int shift = ShiftOf(mask);
            for (; slots != null && row < keys.Length; row++)
            {
                long key = keys[row], slot = SlotOf(key, shift);
                while (slots[slot] != 0 && known[slots[slot] - 1] != key)
                    slot = (slot + 1) & mask;
                if (slots[slot] == 0)
                    break;
                ids[row] = slots[slot] - 1;
            }
            if (row < keys.Length)
            {
                ids[row] = GetOrAdd(keys[row]);
                row++;
            }
        }
    }

    public int GetOrAdd(long key)
    {
        _keys ??= new GrowingBuffer<long>();
        _slots ??= NativeBuffer<int>.AllocateZeroed(FirstSlots);
        long mask = _slots.Length - 1;
        long slot = SlotOf(key, ShiftOf(mask));
        int* slots = _slots.Pointer;
        while (slots[slot] != 0)
        {
            if (_keys[slots[slot] - 1] == key)
                return slots[slot] - 1;
            slot = (slot + 1) & mask;
        }
        _keys.Append(key);
        slots[slot] = Count;
        if (2L * Count > _slots.Length)
            _slots = Grow(_keys, _slots);
        return Count - 1;
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _slots?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SlotOf(long key, int shift) => (long)(unchecked((ulong)key * Spread) >> shift);

    private static int ShiftOf(long mask) => BitOperations.LeadingZeroCount((ulong)mask);

    private static NativeBuffer<int> Grow(GrowingBuffer<long> keys, NativeBuffer<int> slots)
    {
        NativeBuffer<int> larger = NativeBuffer<int>.AllocateZeroed(slots.Length * 2);
        long mask = larger.Length - 1;
        for (int id = 0; id < keys.Length; id++)
        {
            long slot = SlotOf(keys[id], ShiftOf(mask));
            while (larger[slot] != 0)
                slot = (slot + 1) & mask;
            larger[slot] = id + 1;
        }
        slots.Dispose();
        return larger;
    }
}
