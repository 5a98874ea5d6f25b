using System.Numerics.Tensors;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Histograms of all bundles for the open leaves of a tree; a slot is given back as soon as its leaf is settled.</summary>
/// <remarks>Memory: 24 bytes a code and slot. Slots are made when first needed, so after the first trees nothing is allocated.</remarks>
internal sealed unsafe class HistogramPool : IDisposable
{
    private readonly FeatureBundle[] _bundles;
    private readonly int[] _offsets;
    private readonly List<NativeBuffer<long>> _slots = [];
    private readonly Stack<int> _free = new();

    public HistogramPool(FeatureBundle[] bundles)
    {
        _bundles = bundles;
        _offsets = new int[bundles.Length + 1];
        for (int bundle = 0; bundle < bundles.Length; bundle++)
            _offsets[bundle + 1] = _offsets[bundle] + BinSums.LongsOf(bundles[bundle].Codes);
    }

    /// <summary>Takes a slot; its content is undefined.</summary>
    public int Rent()
    {
        if (_free.TryPop(out int slot))
            return slot;
        _slots.Add(NativeBuffer<long>.Allocate(_offsets[^1]));
        return _slots.Count - 1;
    }

    /// <summary>Gives a slot back; -1, no slot, is ignored.</summary>
    public void Return(int slot)
    {
        if (slot >= 0)
            _free.Push(slot);
    }

    /// <summary>Sums by code of one bundle in one slot.</summary>
    public BinSums Sums(int slot, int bundle) => new(_slots[slot].Pointer + _offsets[bundle], _bundles[bundle].Codes);

    /// <summary>Turns the sums of a parent into those of its other child: parent - child, in place, exact.</summary>
    public static void Subtract(BinSums parent, BinSums child) => TensorPrimitives.Subtract<long>(parent.All, child.All, parent.All);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer<long> slot in _slots)
            slot.Dispose();
    }
}
