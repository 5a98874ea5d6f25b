using BenchmarkDotNet.Attributes;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Derivatives and sum of the logistic loss, as each tree needs them. One operation is one row.</summary>
public class LogisticBenchmark : LossBenchmark
{
    [BenchmarkCategory("gradients"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void GradientsScalar() => Logistic.GradientsScalar(Rows, FirstDerivatives, SecondDerivatives);

    [BenchmarkCategory("gradients"), Benchmark(OperationsPerInvoke = Count)]
    public void Gradients() => Logistic.Instance.Gradients(Rows, FirstDerivatives, SecondDerivatives);

    [BenchmarkCategory("loss"), Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public double LossScalar() => Logistic.LossScalar(Rows);

    [BenchmarkCategory("loss"), Benchmark(OperationsPerInvoke = Count)]
    public double Loss() => Logistic.Instance.Loss(Rows);
}
