using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>What a line of the audit log says.</summary>
public enum LogAction
{
    /// <summary>A version came into the registry.</summary>
    Registered,
    /// <summary>An alias is about to move; all that stands in its way was checked.</summary>
    Intended,
    /// <summary>The move of an earlier line is done.</summary>
    Completed,
    /// <summary>The move of an earlier line was never made and will not be.</summary>
    Abandoned,
    /// <summary>A promotion that a gate refused.</summary>
    Refused,
    /// <summary>Files were brought back from a backup.</summary>
    Restored,
    /// <summary>It was decided whether a new model is trained, or what becomes of it: <see cref="LogEntry.Decision"/>.</summary>
    Retraining,
}

/// <summary>What came of asking whether a new model should be trained.</summary>
public enum RetrainDecision
{
    /// <summary>The condition does not hold.</summary>
    NotNeeded,
    /// <summary>It holds, and there is nothing new to learn from yet.</summary>
    Waits,
    /// <summary>It was trained, and nobody asked to promote it.</summary>
    Trained,
    /// <summary>It was trained, and a gate refused it.</summary>
    Refused,
    /// <summary>It was trained, and is in charge now.</summary>
    Promoted,
    /// <summary>The training ended with an error.</summary>
    Failed,
}

/// <summary>Why an alias moves.</summary>
public enum MoveKind
{
    /// <summary>To a version that passed the gates, or was forced past them.</summary>
    Promotion,
    /// <summary>Back to a version that it was on before.</summary>
    Rollback,
}

/// <summary>One line of the audit log.</summary>
public sealed record LogEntry
{
    /// <summary>1 and up, without gaps.</summary>
    public int Number { get; init; }

    /// <summary>When, ISO 8601 UTC; never before the line above.</summary>
    public string Time { get; init; } = "";

    /// <summary>What.</summary>
    public required LogAction Action { get; init; }

    /// <summary>Why an alias moves; of <see cref="LogAction.Intended"/> and <see cref="LogAction.Refused"/>.</summary>
    public MoveKind? Kind { get; init; }

    /// <summary>What was decided; of <see cref="LogAction.Retraining"/>.</summary>
    public RetrainDecision? Decision { get; init; }

    /// <summary>The alias that moves.</summary>
    public string? Alias { get; init; }

    /// <summary>The version that came, or that the alias moves to.</summary>
    public string? Version { get; init; }

    /// <summary>The version that the alias was on; null: none.</summary>
    public string? From { get; init; }

    /// <summary>What the user gave as the reason, or why a move was abandoned.</summary>
    public string? Reason { get; init; }

    /// <summary>True when a gate said no and the reason overruled it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Forced { get; init; }

    /// <summary>What each gate said.</summary>
    public IReadOnlyList<GateVerdict>? Gates { get; init; }

    /// <summary>Number of the line with the intent; of <see cref="LogAction.Completed"/> and <see cref="LogAction.Abandoned"/>.</summary>
    public int? Intent { get; init; }

    /// <summary>From when the alias stood on its version, ISO 8601 UTC; of <see cref="LogAction.Completed"/>.</summary>
    public string? Effective { get; init; }

    /// <summary>SHA-256 of the line above, hexadecimal; zeros of the first.</summary>
    public string Previous { get; init; } = "";

    internal static JsonSerializerOptions Json { get; } = new(ManifestJson.Options) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The instant, microseconds since 1970 UTC.</summary>
    [JsonIgnore]
    public long At => InstantText.TryParse(Time, out long micros) ? micros : 0;

    /// <summary>The instant from which the alias stood on its version, microseconds since 1970 UTC.</summary>
    [JsonIgnore]
    public long EffectiveAt => Effective is { } text && InstantText.TryParse(text, out long micros) ? micros : At;
}
