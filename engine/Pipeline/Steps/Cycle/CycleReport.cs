using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Which part of a cycle to do, and how.</summary>
public sealed record CycleRequest
{
    /// <summary>Instant to score and watch at; null: `score.as_of` of the project, else the end of the data.</summary>
    public long? AsOf { get; init; }

    /// <summary>First stage, one of <see cref="CycleStages.All"/>.</summary>
    public string From { get; init; } = CycleStages.Validate;

    /// <summary>Last stage.</summary>
    public string Until { get; init; } = CycleStages.Retrain;

    /// <summary>Do these stages again, though nothing changed.</summary>
    public bool Force { get; init; }

    /// <summary>Say what would be done, and why; change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Name of the backend, which is part of the cycle's identity.</summary>
    public required string Backend { get; init; }

    /// <summary>Version of the engine, which is another part.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Makes the id of a training's record, 32 hexadecimal digits.</summary>
    public required Func<string> NewRunId { get; init; }

    internal bool Includes(string stage) => CycleStages.IndexOf(stage) >= CycleStages.IndexOf(From) && CycleStages.IndexOf(stage) <= CycleStages.IndexOf(Until);
}

/// <summary>What became of a stage.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Outcome">done, no_op (nothing changed since it was done), skipped or failed; of a dry run would_run in the place of done.</param>
/// <param name="Note">What came of it, or why not, in words.</param>
public sealed record CycleStageReport(string Stage, string Outcome, string Note)
{
    /// <summary>Outcome of a stage that ran.</summary>
    public const string Done = "done";

    /// <summary>Outcome of a stage that nothing had changed for.</summary>
    public const string NoOp = "no_op";

    /// <summary>Outcome of a stage that had no reason to run, or none left.</summary>
    public const string Skipped = "skipped";

    /// <summary>Outcome of a stage that ended with an error.</summary>
    public const string Failed = "failed";

    /// <summary>Outcome, of a dry run, of a stage that would run.</summary>
    public const string WouldRun = "would_run";

    /// <summary>Limits that were broken, one text each; empty when none was.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>Why it failed; null when it did not.</summary>
    [JsonIgnore]
    public Exception? Failure { get; init; }

    /// <summary>The same as a line.</summary>
    public string? Error => Failure switch
    {
        null => null,
        ChurnException ours => ours.Describe(),
        _ => Failure.Message,
    };
}

/// <summary>What a cycle came to.</summary>
/// <param name="Stages">Every stage, in order.</param>
public sealed record CycleReport(IReadOnlyList<CycleStageReport> Stages)
{
    /// <summary>Identity of the cycle.</summary>
    public required string Key { get; init; }

    /// <summary>Instant asked for, ISO 8601; null: the end of the data.</summary>
    public string? AsOf { get; init; }

    /// <summary>Model that was scored and watched with; null: none yet.</summary>
    public string? Model { get; init; }

    /// <summary>File that keeps how far the cycle is.</summary>
    public required string State { get; init; }

    /// <summary>What each stage that ran said; null of one that did not.</summary>
    public ValidationReport? Validation { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public LeakageAuditReport? Audit { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public TrainReport? Training { get; init; }

    /// <summary>As <see cref="Validation"/>: how the first model came into production.</summary>
    public MoveReport? Promotion { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public ScoreReport? Scoring { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public DecisionReport? Decisions { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public MonitorReport? Monitor { get; init; }

    /// <summary>What was told of it, and to whom.</summary>
    public AlertReport? Alerts { get; init; }

    /// <summary>As <see cref="Validation"/>.</summary>
    public RetrainReport? Retrain { get; init; }

    /// <summary>The first stage that failed; null when none did.</summary>
    [JsonIgnore]
    public CycleStageReport? FirstFailure => Stages.FirstOrDefault(stage => stage.Outcome == CycleStageReport.Failed);

    /// <summary>True when monitoring, now or when it was done, broke a limit.</summary>
    [JsonIgnore]
    public bool BreaksLimits => Stages.Any(stage => stage.Alarms.Count > 0);
}
