using BenchmarkDotNet.Attributes;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Sums of one feature out of those of its bundle. One operation is one code.</summary>
public unsafe class MarginalKernelBenchmark : IDisposable, IKernelBenchmark
{
    private const int Codes = 16 * 16;
    private static readonly FeatureBundle s_bundle = new([0, 1], [1, 16], [16, 16], Codes);
    private readonly NativeBuffer<long> _codes = NativeBuffer<long>.AllocateZeroed(BinSums.LongsOf(Codes));
    private readonly NativeBuffer<long> _room = NativeBuffer<long>.Allocate(BinSums.LongsOf(Codes));

    /// <summary>0: bins lie side by side; 1: a bin's codes do.</summary>
    [Params(0, 1)]
    public int Member { get; set; }

    int IKernelBenchmark.RowsPerCall => Codes;

    // Three sums of a code are read; those of the bins stay in registers or near.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), 24);

    [Benchmark(Baseline = true, OperationsPerInvoke = Codes)]
    public void Scalar() => MarginalKernel.Scalar(s_bundle, Member, new BinSums(_codes.Pointer, Codes), _room.Pointer);

    [Benchmark(OperationsPerInvoke = Codes)]
    public void Run() => MarginalKernel.Run(s_bundle, Member, new BinSums(_codes.Pointer, Codes), _room.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        _codes.Dispose();
        _room.Dispose();
        GC.SuppressFinalize(this);
    }
}
