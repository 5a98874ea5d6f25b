using System.Text.Json;

namespace ChurnEngine.Bench;

/// <summary>One timed round.</summary>
/// <param name="Seconds">Wall clock; of a kernel, the time its thread ran.</param>
/// <param name="AllocatedBytes">Managed bytes that all threads allocated.</param>
/// <param name="Rows">Rows it went through.</param>
internal sealed record StageRound(double Seconds, long AllocatedBytes, long Rows)
{
    public string ToLine() => JsonSerializer.Serialize(this, BenchJson.Line);
}

/// <summary>What `bench stage` prints: one JSON line.</summary>
internal sealed record StageOutcome
{
    public required string Stage { get; init; }
    public required string Commit { get; init; }
    public required int Customers { get; init; }
    public required int Months { get; init; }
    public required int Threads { get; init; }

    /// <summary>Features of the plan; 0 where the stage knows no plan.</summary>
    public required int Features { get; init; }

    public required int Trees { get; init; }
    public required int Snapshots { get; init; }

    /// <summary>What <see cref="Rows"/> counts.</summary>
    public required string RowUnit { get; init; }

    /// <summary>Rows that one round goes through.</summary>
    public required long Rows { get; init; }

    /// <summary>Seconds of each timed round.</summary>
    public required IReadOnlyList<double> Seconds { get; init; }

    /// <summary>Median over the rounds of the managed bytes allocated.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The most memory that was resident during the timed rounds, prepared data included.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Memory resident when the first timed round began.</summary>
    public required long ResidentBeforeBytes { get; init; }

    /// <summary>Limit of the machine that binds the stage.</summary>
    public required string Limit { get; init; }

    /// <summary>What one round asks of that limit at least: bytes or operations.</summary>
    public required double LimitUnits { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, BenchJson.Line);

    public static StageOutcome Parse(string line) => JsonSerializer.Deserialize<StageOutcome>(line, BenchJson.Line) ?? throw new JsonException("the line is empty");
}
