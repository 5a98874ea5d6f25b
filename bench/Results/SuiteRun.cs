namespace ChurnEngine.Bench;

/// <summary>What one run of one suite measured, and of which code.</summary>
internal sealed record SuiteRun
{
    /// <summary>kernels, machine, pipeline, peers, guard.</summary>
    public required string Suite { get; init; }

    /// <summary>Commit of the sources, or "unknown" outside a repository.</summary>
    public required string Commit { get; init; }

    /// <summary>True when sources differed from the commit.</summary>
    public required bool Dirty { get; init; }

    /// <summary>When it started, ISO 8601 UTC.</summary>
    public required string Date { get; init; }

    /// <summary>Processes that wanted to run in the minute before it started; null where the system does not say. Near 0 is a quiet machine.</summary>
    public double? LoadAtStart { get; init; }

    /// <summary>True for a short run, which shows a direction and supports no claim.</summary>
    public bool Quick { get; init; }

    public IReadOnlyList<ResultEntry> Entries { get; init; } = [];

    /// <summary>A run that starts now, on the sources as they are.</summary>
    public static SuiteRun Start(string suite, bool quick = false) => new()
    {
        Suite = suite,
        Commit = SourceTree.Commit,
        Dirty = SourceTree.IsDirty,
        Date = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        LoadAtStart = MachineInfo.LoadAverage(),
        Quick = quick,
    };
}
