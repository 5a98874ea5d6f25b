using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>Whether a challenger is to be trained, and by what right it replaces the champion.</summary>
public sealed record RetrainRequest
{
    /// <summary>Condition, least age, and whether to promote.</summary>
    public required RetrainSettings Settings { get; init; }

    /// <summary>What broke a limit of monitoring, one text each.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>As of when it was watched; part of the reason.</summary>
    public string? WatchedAsOf { get; init; }

    /// <summary>A challenger that an earlier run of the same cycle trained before it was interrupted: it is not trained again.</summary>
    public string? Challenger { get; init; }

    /// <summary>Told of the challenger before any alias moves; null: nobody.</summary>
    public Action<string>? Trained { get; init; }

    /// <summary>Say what would be done, and why; change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Id of the training's record, 32 hexadecimal digits.</summary>
    public required string RunId { get; init; }

    /// <summary>Version of the engine, for the model's metadata.</summary>
    public required string EngineVersion { get; init; }
}

/// <summary>What was decided about a challenger.</summary>
/// <param name="Decision">not_needed, waits, trained, refused or promoted; of a dry run would_train in the place of the last three.</param>
/// <param name="Why">In one sentence, with the figures.</param>
public sealed record RetrainReport(string Decision, string Why)
{
    /// <summary>Model to beat; null: there is none.</summary>
    public string? Champion { get; init; }

    /// <summary>ISO 8601 instant at which all was known that the champion learnt from; null where it is not known.</summary>
    public string? ChampionKnownThrough { get; init; }

    /// <summary>ISO 8601 instant of the newest snapshot that has matured; null: none, or not looked at.</summary>
    public string? NewestSnapshot { get; init; }

    /// <summary>Version that was trained; null when none was.</summary>
    public string? Challenger { get; init; }

    /// <summary>How it was trained; null when it was not, or by an earlier run.</summary>
    public TrainReport? Training { get; init; }

    /// <summary>What the gates of production said; empty when they were not asked.</summary>
    public IReadOnlyList<GateReport> Gates { get; init; } = [];

    /// <summary>True when the challenger is in charge now.</summary>
    public bool Promoted => Decision == RegistryStep.Word(RetrainDecision.Promoted);
}
