using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Sums by bin in memory of their own.</summary>
internal sealed unsafe class SumsBuffer : IDisposable
{
    private readonly NativeBuffer<long> _memory;

    public SumsBuffer(IReadOnlyList<GradientSums> sums)
    {
        _memory = NativeBuffer<long>.AllocateZeroed(Math.Max(1, BinSums.LongsOf(sums.Count)));
        Sums = new BinSums(_memory.Pointer, sums.Count);
        for (int bin = 0; bin < sums.Count; bin++)
        {
            BinSums target = Sums;
            target[bin] = sums[bin];
        }
    }

    public BinSums Sums { get; }

    public GradientSums[] ToArray() => [.. Enumerable.Range(0, Sums.Count).Select(bin => Sums[bin])];

    public void Dispose() => _memory.Dispose();
}
