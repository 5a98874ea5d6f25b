namespace ChurnEngine.Pipeline;

/// <summary>A report to be written beside the metrics.</summary>
public sealed record ReportRequest
{
    /// <summary>Folder for it; made where it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>Feature whose values get a line of the table by segment; null for none.</summary>
    public string? Segment { get; init; }

    /// <summary>Rule of thumb to compare with, a condition on features; null: the best single feature.</summary>
    public string? Baseline { get; init; }

    /// <summary>Model to compare with, run by the same backend; null for none.</summary>
    public ModelChoice? CompareWith { get; init; }

    /// <summary>Resamples of the bootstrap: 0, or 10 and up.</summary>
    public int Resamples { get; init; } = ReportSettings.DefaultResamples;

    /// <summary>Key of the draws.</summary>
    public long Seed { get; init; }

    /// <summary>Groups of customers to compare.</summary>
    public FairnessSettings Fairness { get; init; } = FairnessSettings.Default;

    /// <summary>What a contact costs and brings, for the cost curve.</summary>
    public DecisionSettings Decisions { get; init; } = DecisionSettings.Default;
}

/// <summary>What an evaluation with a report would do.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Directory">Folder of the report; null without one.</param>
/// <param name="Replaces">Files there that would be replaced.</param>
public sealed record EvaluationPlan(string Version, string? Directory, IReadOnlyList<string> Replaces);
