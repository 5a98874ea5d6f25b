using BenchmarkDotNet.Attributes;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Derivatives and sum of the focal loss, as each tree needs them. One operation is one row.</summary>
public class FocalBenchmark : LossBenchmark
{
    private readonly Focal _focal = new(Focal.DefaultGamma, Focal.DefaultAlpha);

    [BenchmarkCategory("gradients"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void GradientsScalar() => Focal.GradientsScalar(_focal, Rows, FirstDerivatives, SecondDerivatives);

    [BenchmarkCategory("gradients"), Benchmark(OperationsPerInvoke = Count)]
    public void Gradients() => _focal.Gradients(Rows, FirstDerivatives, SecondDerivatives);

    [BenchmarkCategory("loss"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public double LossScalar() => Focal.LossScalar(_focal, Rows);

    [BenchmarkCategory("loss"), Benchmark(OperationsPerInvoke = Count)]
    public double Loss() => _focal.Loss(Rows);
}
