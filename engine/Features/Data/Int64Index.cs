using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Numbers distinct integers in order of first appearance; open addressing over unmanaged memory.</summary>
internal sealed unsafe class Int64Index : IDisposable
{
    private readonly GrowingBuffer<long> _keys = new();
    private NativeBuffer<int> _slots = NativeBuffer<int>.AllocateZeroed(64);

    public int Count => (int)_keys.Length;

    public long this[int id] => _keys[id];

    public int GetOrAdd(long key)
    {
        long mask = _slots.Length - 1;
        long slot = (long)PartitionHash.OfInt64(key) & mask;
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
            Grow();
        return Count - 1;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _slots.Dispose();
    }

    private void Grow()
    {
        NativeBuffer<int> larger = NativeBuffer<int>.AllocateZeroed(_slots.Length * 2);
        long mask = larger.Length - 1;
        for (int id = 0; id < Count; id++)
        {
            long slot = (long)PartitionHash.OfInt64(_keys[id]) & mask;
            while (larger[slot] != 0)
                slot = (slot + 1) & mask;
            larger[slot] = id + 1;
        }
        _slots.Dispose();
        _slots = larger;
    }
}
