using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Reading;

/// <summary>A set of 128-bit keys by open addressing, in native memory: 16 bytes a slot, at most 70% full.</summary>
internal sealed class KeySet : IDisposable
{
    private NativeBuffer<UInt128> _slots = NativeBuffer<UInt128>.AllocateZeroed(1024);
    private long _used;
    private bool _hasZero;

    /// <summary>Adds a key; false when it was there.</summary>
    public bool Add(UInt128 key)
    {
        // Zero marks a free slot, so the key zero is kept aside.
        if (key == UInt128.Zero)
        {
            bool isNew = !_hasZero;
            _hasZero = true;
            return isNew;
        }
        if (_used * 10 >= _slots.Length * 7)
            Grow();
        if (!Insert(_slots, key))
            return false;
        _used++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private static bool Insert(NativeBuffer<UInt128> slots, UInt128 key)
    {
        long mask = slots.Length - 1;
        for (long slot = (long)KeyHash.Mix((ulong)key ^ (ulong)(key >> 64)) & mask; ; slot = (slot + 1) & mask)
        {
            if (slots[slot] == key)
                return false;
            if (slots[slot] != UInt128.Zero)
                continue;
            slots[slot] = key;
            return true;
        }
    }

    private void Grow()
    {
        NativeBuffer<UInt128> larger = NativeBuffer<UInt128>.AllocateZeroed(_slots.Length * 2);
        for (long i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] != UInt128.Zero)
                Insert(larger, _slots[i]);
        }
        _slots.Dispose();
        _slots = larger;
    }
}
