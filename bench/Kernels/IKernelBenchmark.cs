namespace ChurnEngine.Bench;

/// <summary>What a kernel's benchmark says of itself; its methods carry BenchmarkDotNet's attributes, the scalar form as baseline.</summary>
internal interface IKernelBenchmark
{
    /// <summary>Rows (keys, customers, updates) that one call of any of its methods goes through.</summary>
    int RowsPerCall { get; }

    /// <summary>What a row asks at least of the part of the machine that binds the kernel.</summary>
    LimitedWork WorkPerRow { get; }
}
