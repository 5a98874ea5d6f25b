using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Bench;

/// <summary>Log-loss and Brier score. One operation is one row.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ProbabilityLossBenchmark : IKernelBenchmark
{
    private const int Count = 1 << 16;
    private readonly float[] _probability = new float[Count];
    private readonly float[] _labels = new float[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L2, allCores: false), 8);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            (_probability[i], _labels[i]) = (random.NextSingle(), random.Next(2));
    }

    [BenchmarkCategory("log-loss"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public double LogLossScalar() => ProbabilityLoss.LogLossScalar(_probability, _labels);

    [BenchmarkCategory("log-loss"), Benchmark(OperationsPerInvoke = Count)]
    public double LogLoss() => ProbabilityLoss.LogLoss(_probability, _labels);

    [BenchmarkCategory("Brier"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public double BrierScalar() => ProbabilityLoss.BrierScalar(_probability, _labels);

    [BenchmarkCategory("Brier"), Benchmark(OperationsPerInvoke = Count)]
    public double Brier() => ProbabilityLoss.Brier(_probability, _labels);
}
