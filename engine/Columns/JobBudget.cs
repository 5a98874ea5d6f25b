namespace ChurnEngine.Columns;

/// <summary>What one job may use of the machine; every stage and every native library is set from it.</summary>
public sealed record JobBudget
{
    /// <summary>Threads that work at once, 1 and up.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes the job aims to stay below. Default: three quarters of what the machine or container offers.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>Throws when a value makes no sense.</summary>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, 64L << 20);
    }

    /// <summary>Options for <see cref="Parallel"/> that keep to this budget and stop on <paramref name="cancellation"/>.</summary>
    public ParallelOptions ParallelOptions(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation };
}

/// <summary>How far a long step has come.</summary>
/// <param name="Step">Short name of the step, as the progress bar shows it.</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when not known.</param>
public readonly record struct StepProgress(string Step, long Done, long Total);
