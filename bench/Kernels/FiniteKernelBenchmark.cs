using BenchmarkDotNet.Attributes;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Bench;

/// <summary>Whether a column of single precision is all finite, as nearly every column is. One operation is one value.</summary>
public class FiniteKernelBenchmark : IKernelBenchmark
{
    private const int Count = 1 << 16;
    private readonly float[] _values = new float[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L2, allCores: false), sizeof(float));

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            _values[i] = random.NextSingle();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public bool Scalar() => FiniteKernel.Scalar<float>(_values);

    [Benchmark(OperationsPerInvoke = Count)]
    public bool Run() => FiniteKernel.Run<float>(_values);
}
