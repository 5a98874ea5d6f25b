using BenchmarkDotNet.Attributes;
using ChurnEngine.Models;

namespace ChurnEngine.Bench;

/// <summary>Codes of a block to the patterns of one leaf, whose path has seven tests on six features. One operation is one row.</summary>
public unsafe class PathPatternKernelBenchmark : IKernelBenchmark
{
    private const int Count = BlockLayout.Rows, Columns = 30, Slots = 6;
    private AlignedArray<PatternStep> _steps = null!;
    private AlignedArray<byte> _codes = null!, _patterns = null!;

    int IKernelBenchmark.RowsPerCall => Count;

    // Each test reads a code, and a pattern is written.
    LimitedWork IKernelBenchmark.WorkPerRow => new(MachineLimit.Of(MachineLimit.Read, MachineLimit.L1, allCores: false), Slots + 2);

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        int[] bits = [0, 1, 2, 4, 8, 16, 32];
        _steps = AlignedArray<PatternStep>.Of([.. bits.Select(bit => new PatternStep(random.Next(Columns) * Count, (sbyte)random.Next(-128, 128), random.Next(2) == 0, (byte)bit))]);
        _codes = new AlignedArray<byte>(Columns * Count);
        _patterns = new AlignedArray<byte>(Count);
        random.NextBytes(_codes.Span);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Scalar() => PathPatternKernel.Scalar(_steps.Start, _steps.Length, _codes.Start, _patterns.Start, Count);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Run() => PathPatternKernel.Run(_steps.Start, _steps.Length, _codes.Start, _patterns.Start, Count);
}
