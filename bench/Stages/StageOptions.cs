using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench;

/// <summary>A stage, how much of everything it works on, and how often it is timed.</summary>
internal sealed record StageOptions
{
    /// <summary>One of <see cref="StageCatalog.Names"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>Customers of the generated world.</summary>
    public int Customers { get; init; } = 100_000;

    /// <summary>Months of 30 days that the world covers.</summary>
    public int Months { get; init; } = 12;

    public long Seed { get; init; } = 7;

    /// <summary>Threads of the stage.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Features of the plan; 0: as many as the world's own plan has.</summary>
    public int Features { get; init; }

    /// <summary>Trees that are trained and scored with; no early stopping.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>As-of dates to train on; featurize computes three more, for stopping, calibration and test.</summary>
    public int Snapshots { get; init; } = 5;

    /// <summary>Rounds before the timed ones, so that code is compiled and files are cached.</summary>
    public int WarmUps { get; init; } = 1;

    /// <summary>Timed rounds.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Folder for prepared data.</summary>
    public string Cache { get; init; } = Path.Combine(SourceTree.ResultFolder, "cache");

    /// <summary>Folder with a world made before, read whatever made it; null: one of the cache.</summary>
    public string? World { get; init; }

    public JobBudget Budget => new() { Threads = Threads };

    /// <summary>The command line of `bench stage` that means these options.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        "stage", Stage,
        "--customers", Text(Customers), "--months", Text(Months), "--seed", Text(Seed), "--threads", Text(Threads),
        "--features", Text(Features), "--trees", Text(Trees), "--snapshots", Text(Snapshots),
        "--warm-ups", Text(WarmUps), "--rounds", Text(Rounds), "--cache", Cache,
        .. World is null ? Array.Empty<string>() : ["--world", World],
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
