using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Sums of gradients by bin, eight features at once. One operation is one update: a row and feature.</summary>
public unsafe class HistogramKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int RowCount = 1 << 18;
    private const int NodeRows = RowCount / 8;
    private const int Updates = NodeRows * HistogramKernel.BlockFeatures;
    private readonly NativeBuffer<byte> _bins = NativeBuffer<byte>.Allocate(RowCount * HistogramKernel.BlockFeatures);
    private readonly NativeBuffer<GradientPair> _pairs = NativeBuffer<GradientPair>.Allocate(RowCount);
    private readonly NativeBuffer<int> _rows = NativeBuffer<int>.Allocate(NodeRows);
    private readonly GradientSums[] _sums = new GradientSums[256 * HistogramKernel.BlockFeatures];
    private readonly int[] _offsets = [.. Enumerable.Range(0, HistogramKernel.BlockFeatures + 1).Select(feature => feature * 256)];

    /// <summary>Bins of each feature; 2 is a flag such as most churn tables have.</summary>
    [Params(2, 255)]
    public int Bins { get; set; }

    /// <summary>False: consecutive rows, as at the root; true: one of every eight, as in a small leaf.</summary>
    [Params(false, true)]
    public bool AtRandom { get; set; }

    int IKernelBenchmark.RowsPerCall => Updates;

    // One update of one bin: stores bind, not memory.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.ScatterAdd, MachineLimit.L1, allCores: false), 1);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int row = 0; row < RowCount; row++)
        {
            for (int feature = 0; feature < HistogramKernel.BlockFeatures; feature++)
                _bins[(row * HistogramKernel.BlockFeatures) + feature] = (byte)random.Next(Bins);
            _pairs[row] = new GradientPair(random.Next(-1 << 20, 1 << 20), random.Next(1 << 20));
        }
        for (int i = 0; i < NodeRows; i++)
            _rows[i] = i * 8 + random.Next(8);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void Scalar() => HistogramKernel.Scalar(Input, _offsets, _sums);

    [Benchmark(OperationsPerInvoke = Updates)]
    public void Run() => HistogramKernel.Run(Input, _offsets, _sums);

    private NodeBlock Input => new(_bins.Pointer, HistogramKernel.BlockFeatures, AtRandom ? _rows.Pointer : null, _pairs.Pointer, NodeRows);

    [GlobalCleanup]
    public void Dispose()
    {
        _bins.Dispose();
        _pairs.Dispose();
        _rows.Dispose();
        GC.SuppressFinalize(this);
    }
}
