using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Histograms of all features for the open leaves of a tree; a slot is given back as soon as its leaf is settled.</summary>
/// <remarks>Memory: 24 bytes a bin and slot. Slots are made when first needed, so after the first trees nothing is allocated.</remarks>
internal sealed class HistogramPool(FeatureBins bins) : IDisposable
{
    private readonly List<NativeBuffer<GradientSums>> _slots = [];
    private readonly Stack<int> _free = new();

    /// <summary>Takes a slot; its content is undefined.</summary>
    public int Rent()
    {
        if (_free.TryPop(out int slot))
            return slot;
        _slots.Add(NativeBuffer<GradientSums>.Allocate(bins.Offsets[^1]));
        return _slots.Count - 1;
    }

    /// <summary>Gives a slot back; -1, no slot, is ignored.</summary>
    public void Return(int slot)
    {
        if (slot >= 0)
            _free.Push(slot);
    }

    /// <summary>[B] bins of one feature in one slot, the missing bin last.</summary>
    public Span<GradientSums> Feature(int slot, int feature) =>
        _slots[slot].Slice(bins.Offsets[feature], bins.Mappers[feature].BinCount);

    /// <summary>[bins of all] sums of neighbouring features in one slot, feature after feature.</summary>
    public Span<GradientSums> Features(int slot, int first, int end) => _slots[slot].Slice(bins.Offsets[first], bins.Offsets[end] - bins.Offsets[first]);

    /// <summary>Turns the histogram of a parent into that of its other child: parent - child, in place, exact.</summary>
    public static void Subtract(Span<GradientSums> parent, ReadOnlySpan<GradientSums> child)
    {
        Span<long> difference = MemoryMarshal.Cast<GradientSums, long>(parent);
        TensorPrimitives.Subtract<long>(difference, MemoryMarshal.Cast<GradientSums, long>(child), difference);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeBuffer<GradientSums> slot in _slots)
            slot.Dispose();
    }
}
