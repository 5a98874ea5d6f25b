using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Rows for the benchmark of a loss: margins about those of a churn model, labels by the toss of a coin.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public abstract class LossBenchmark : IKernelBenchmark
{
    /// <summary>Rows of a call: a chunk of the trainer's.</summary>
    protected const int Count = 1 << 14;

    private readonly double[] _margins = new double[Count];
    private readonly float[] _labels = new float[Count];

    int IKernelBenchmark.RowsPerCall => Count;

    // Margin and label are read, both derivatives written; the loss reads alone.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.L2, allCores: false), 12);

    /// <summary>[Count] room for first derivatives.</summary>
    protected float[] FirstDerivatives { get; } = new float[Count];

    /// <summary>[Count] room for second derivatives.</summary>
    protected float[] SecondDerivatives { get; } = new float[Count];

    /// <summary>[Count] the rows.</summary>
    private protected LossRows Rows => new(_margins, _labels, default);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        for (int i = 0; i < Count; i++)
            (_margins[i], _labels[i]) = (8 * random.NextDouble() - 5, random.Next(2));
    }
}
