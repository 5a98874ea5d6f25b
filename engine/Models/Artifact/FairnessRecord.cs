using System.Text.Json.Serialization;

namespace ChurnEngine.Models;

/// <summary>How the groups of one column were treated on the rows that tested the model.</summary>
public sealed record FairnessRecord
{
    /// <summary>What the groups are values of.</summary>
    public required string Column { get; init; }

    /// <summary>Group that the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>The groups, the largest first.</summary>
    public required IReadOnlyList<FairnessGroup> Groups { get; init; }

    /// <summary>What was beyond a limit, one sentence each; empty when all was well.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>True without a finding.</summary>
    [JsonIgnore]
    public bool Passed => Findings.Count == 0;

    /// <summary>Refuses a record of a file that lacks a part of it.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/>.</remarks>
    internal FairnessRecord Whole() => Column is not null && Reference is not null && Findings is not null && Groups?.All(group => group is { Group: not null }) == true
        ? this
        : throw new InvalidDataException("the record of fairness is not whole");
}

/// <summary>One group.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="IsJudged">False where there were too few to say.</param>
/// <param name="SelectionRate">Share flagged, with its 95% interval.</param>
/// <param name="TruePositiveRate">Share of the positives that is flagged.</param>
/// <param name="FalsePositiveRate">Share of the negatives that is flagged.</param>
/// <param name="Precision">Share of the flagged that is positive.</param>
/// <param name="MeanProbability">Mean predicted probability.</param>
/// <param name="PositiveRate">Share of positives.</param>
/// <param name="Ece">Expected calibration error.</param>
/// <param name="SelectionRatio">Selection rate over that of the reference; null of the reference itself.</param>
/// <param name="TruePositiveRatio">True positive rate over that of the reference.</param>
/// <param name="FalsePositiveRatio">False positive rate over that of the reference.</param>
public sealed record FairnessGroup(
    string Group, long Rows, bool IsJudged, FairnessInterval SelectionRate, FairnessInterval TruePositiveRate, FairnessInterval FalsePositiveRate, FairnessInterval Precision,
    double MeanProbability, FairnessInterval PositiveRate, double Ece, FairnessInterval? SelectionRatio, FairnessInterval? TruePositiveRatio, FairnessInterval? FalsePositiveRatio);

/// <summary>A share, or a ratio of two, with its 95% interval; NaN where there is nothing to count.</summary>
/// <param name="Value">0 and up.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct FairnessInterval(double Value, double Lower, double Upper);
