using System.Text.Json.Serialization;

namespace ChurnEngine.Models;

/// <summary>How a model's threshold was chosen, and those of segments.</summary>
public sealed record ThresholdRecord
{
    /// <summary>The rule, such as "f_beta, beta 1" or "precision at least 0.8".</summary>
    public required string Rule { get; init; }

    /// <summary>Why this threshold, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>False where no threshold keeps the rule, and the nearest one stands.</summary>
    public required bool IsKept { get; init; }

    /// <summary>Categorical feature whose values have thresholds of their own; null where all rows have one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Feature { get; init; }

    /// <summary>The segments with a threshold of their own; all other rows, those without a value among them, have the model's.</summary>
    public IReadOnlyList<SegmentThreshold> Segments { get; init; } = [];

    /// <summary>Refuses a record of a file that lacks a part of it.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/>.</remarks>
    internal ThresholdRecord Whole() => Rule is not null && Reason is not null && Segments?.All(segment => segment is { Category: not null, Reason: not null }) != false
        ? this with { Segments = Segments ?? [] }
        : throw new InvalidDataException("the record of the threshold is not whole");
}

/// <summary>The threshold of one segment.</summary>
/// <param name="Category">Value of the feature.</param>
/// <param name="Threshold">Probability from which its customers are flagged, 0..1; exactly a float32.</param>
/// <param name="Rows">Rows that it was chosen on.</param>
/// <param name="IsKept">False where no threshold keeps the rule.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record SegmentThreshold(string Category, double Threshold, long Rows, bool IsKept, string Reason);
