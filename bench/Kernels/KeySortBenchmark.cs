using System.Buffers;
using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench;

/// <summary>The sort behind every rank metric. One operation is one key; both forms pay for the same copy of the input.</summary>
public class KeySortBenchmark : IKernelBenchmark
{
    private ulong[] _source = [];

    [Params(10_000, 1_000_000)]
    public int Count { get; set; }

    int IKernelBenchmark.RowsPerCall => Count;

    // Read once to count digits, then read and written in each of three passes.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, Count > 100_000 ? MachineLimit.L3 : MachineLimit.L2, allCores: false), 56);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        _source = new ulong[Count];
        for (int i = 0; i < Count; i++)
            _source[i] = ((ulong)BitConverter.SingleToUInt32Bits(random.NextSingle()) << 1) | (uint)random.Next(2);
    }

    [Benchmark(Baseline = true)]
    public void Scalar()
    {
        ulong[] keys = Copy();
        KeySort.Scalar<ulong>(keys.AsSpan(0, Count));
        ArrayPool<ulong>.Shared.Return(keys);
    }

    [Benchmark]
    public void Run() => ArrayPool<ulong>.Shared.Return(KeySort.Run(Copy(), Count));

    private ulong[] Copy()
    {
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(Count);
        _source.CopyTo(keys, 0);
        return keys;
    }
}
