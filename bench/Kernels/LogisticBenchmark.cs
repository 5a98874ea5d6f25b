using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Derivatives and sum of the logistic loss, as each tree needs them. One operation is one row.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class LogisticBenchmark : IKernelBenchmark
{
    private const int Count = 1 << 14;
    private readonly double[] _margins = new double[Count];
    private readonly float[] _labels = new float[Count];
    private readonly float[] _gradients = new float[Count];
    private readonly float[] _hessians = new float[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    // Margin and label are read, both derivatives written; the loss reads alone.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 12);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            (_margins[i], _labels[i]) = (8 * random.NextDouble() - 5, random.Next(2));
    }

    [BenchmarkCategory("gradients"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void GradientsScalar() => Logistic.GradientsScalar(Rows, _gradients, _hessians);

    [BenchmarkCategory("gradients"), Benchmark(OperationsPerInvoke = Count)]
    public void Gradients() => Logistic.Instance.Gradients(Rows, _gradients, _hessians);

    [BenchmarkCategory("loss"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public double LossScalar() => Logistic.LossScalar(Rows);

    [BenchmarkCategory("loss"), Benchmark(OperationsPerInvoke = Count)]
    public double Loss() => Logistic.Instance.Loss(Rows);

    private LossRows Rows => new(_margins, _labels, default);
}
