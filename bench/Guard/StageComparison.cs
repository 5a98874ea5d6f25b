namespace ChurnEngine.Bench;

/// <summary>One stage in two builds.</summary>
internal sealed record StageComparison
{
    public required string Stage { get; init; }

    /// <summary>Time of the new build / time of the base.</summary>
    public required PairedRatio Ratio { get; init; }

    /// <summary>Median seconds of a round, new build.</summary>
    public required double Seconds { get; init; }

    /// <summary>Median managed bytes of a round, new build and base.</summary>
    public required long AllocatedBytes { get; init; }

    /// <inheritdoc cref="AllocatedBytes"/>
    public required long BaseAllocatedBytes { get; init; }

    /// <summary>Fewest bytes of any round of the new build; most of any round of the base.</summary>
    public required long LeastAllocated { get; init; }

    /// <inheritdoc cref="LeastAllocated"/>
    public required long BaseMostAllocated { get; init; }

    /// <summary>More than 10% slower, and not by chance.</summary>
    public bool IsSlower => Ratio.Value > GuardSettings.SlowestRatio && Ratio.Range is { Low: > 1 };

    /// <summary>Every round of the new build allocates more than any of the base.</summary>
    public bool AllocatesMore => LeastAllocated > BaseMostAllocated * GuardSettings.AllocationFactor + GuardSettings.AllocationBytes;

    public bool IsWorse => IsSlower || AllocatesMore;
}

/// <summary>Runs a stage in two builds by turns.</summary>
/// <param name="Program">ChurnEngine.Bench.dll of the new build.</param>
/// <param name="BaseProgram">That of the base.</param>
/// <param name="World">World that both read.</param>
internal sealed record StageDuel(string Program, string BaseProgram, string World)
{
    public StageComparison Run(string stage, GuardSettings settings, CancellationToken cancellation)
    {
        List<double> seconds = [], baseSeconds = [];
        List<long> allocated = [], baseAllocated = [];
        for (int launch = 0; launch < settings.LaunchesOf(stage); launch++)
        {
            // Each build prepares its own models and scores; the world is common.
            Task<StageProcess> starting = Task.Run(() => StageProcess.Open(Program, Options(stage, settings, "new"), GuardSettings.Switches), cancellation);
            using var there = StageProcess.Open(BaseProgram, Options(stage, settings, "base"), GuardSettings.Switches);
            using StageProcess here = starting.GetAwaiter().GetResult();
            double[][] rounds = launch % 2 == 0
                ? InterleavedRounds.Run(settings.Rounds, cancellation, () => Round(here, allocated), () => Round(there, baseAllocated))
                : [.. InterleavedRounds.Run(settings.Rounds, cancellation, () => Round(there, baseAllocated), () => Round(here, allocated)).Reverse()];
            // Of one launch the ratio of each round says the same thing again; their median is what it has to say.
            double ratio = Sample.Median([.. rounds[0].Zip(rounds[1], (mine, theirs) => mine / theirs)]);
            seconds.Add(Sample.Median(rounds[0]));
            baseSeconds.Add(seconds[^1] / ratio);
        }
        return new StageComparison
        {
            Stage = stage,
            Ratio = PairedRatio.Of(seconds, baseSeconds),
            Seconds = Sample.Median(seconds),
            AllocatedBytes = Middle(allocated),
            BaseAllocatedBytes = Middle(baseAllocated),
            LeastAllocated = allocated.Min(),
            BaseMostAllocated = baseAllocated.Max(),
        };
    }

    private StageOptions Options(string stage, GuardSettings settings, string side) =>
        settings.Options(stage) with { Cache = Path.Combine(settings.Cache, side), World = World };

    private static double Round(StageProcess process, List<long> allocated)
    {
        StageRound round = process.RunRound();
        allocated.Add(round.AllocatedBytes);
        return round.Seconds;
    }

    private static long Middle(List<long> values) => (long)Sample.Median([.. values.Select(value => (double)value)]);
}
