using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;

namespace ChurnEngine.Pipeline;

/// <summary>What a plan was made of: written beside it, and read when its outcomes are in.</summary>
internal sealed record PlanRecord
{
    /// <summary>Key of the scoring job.</summary>
    public required string JobKey { get; init; }

    /// <summary>Version of the model.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>Instant of the scores; null of a table without time.</summary>
    public string? AsOf { get; init; }

    /// <summary>How its probabilities were calibrated.</summary>
    public string? Calibration { get; init; }

    /// <summary>True when they are not, and the user decided on them all the same.</summary>
    public required bool UncalibratedAllowed { get; init; }

    /// <summary>The offers, limits and values decided under.</summary>
    public required DecisionOptions Options { get; init; }

    /// <summary>Share of customers left alone.</summary>
    public required double ControlShare { get; init; }

    /// <summary>Key of that choice.</summary>
    public required ulong ControlSeed { get; init; }

    /// <summary>What the plan comes to.</summary>
    public required PlanTotals Totals { get; init; }

    /// <summary>No plan is expected to earn more.</summary>
    public required double Bound { get; init; }

    /// <summary>Whether it is known to be the best.</summary>
    public required AllocationProof Proof { get; init; }

    /// <summary>What more of each limit would add.</summary>
    public required ShadowPrices Prices { get; init; }

    public void Write(string plan) => PlanFile.Write(PlanFiles.RecordOf(plan), stream => stream.Write(Encoding.UTF8.GetBytes(ManifestJson.Write(this))), plan);

    /// <summary>The record beside a plan; null when there is none, or none that can be read.</summary>
    public static PlanRecord? TryRead(string plan)
    {
        try
        {
            string path = PlanFiles.RecordOf(plan);
            return File.Exists(path) ? JsonSerializer.Deserialize<PlanRecord>(File.ReadAllText(path), ManifestJson.Options) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
