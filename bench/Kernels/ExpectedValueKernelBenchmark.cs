using BenchmarkDotNet.Attributes;
using ChurnEngine.Decisions;

namespace ChurnEngine.Bench;

/// <summary>Expected value of a contact. One operation is one customer.</summary>
public class ExpectedValueKernelBenchmark : IKernelBenchmark
{
    private const int Count = 1024;
    private readonly float[] _probability = new float[Count];
    private readonly double[] _value = new double[Count];
    private readonly double[] _expected = new double[Count];
    private readonly DecisionOptions _options = new();

    int IKernelBenchmark.RowsPerCall => Count;

    // Probability and value are read, the expected value is written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L1, allCores: false), 20);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            (_probability[i], _value[i]) = (random.NextSingle(), 1000 * random.NextDouble());
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar()
    {
        for (int i = 0; i < Count; i++)
            _expected[i] = ExpectedValueKernel.Scalar(_probability[i], _value[i], _options);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => ExpectedValueKernel.Run(_probability, _value, _options, _expected);
}
