using BenchmarkDotNet.Attributes;
using ChurnEngine.Decisions;

namespace ChurnEngine.Bench;

/// <summary>The best of five offers to each customer. One operation is one customer.</summary>
public class ExpectedValueKernelBenchmark : IKernelBenchmark
{
    private const int Count = 1024;
    private readonly double[] _loss = new double[Count];
    private readonly double[] _best = new double[Count];
    private readonly long[] _offer = new long[Count];
    private readonly double[] _rates = [0.55, 0.4, 0.25, 0.12, 0.05];
    private readonly double[] _charges = [60, 25, 8, 3, 1];

    int IKernelBenchmark.RowsPerCall => Count;

    // The loss is read, value and offer are written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), 24);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            _loss[i] = 1000 * random.NextDouble();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => ExpectedValueKernel.Scalar(_loss, _rates, _charges, _best, _offer);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => ExpectedValueKernel.Run(_loss, _rates, _charges, _best, _offer);
}
