using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>What became of one partition: written beside its part as soon as that is whole, so that a rerun, or the process that finishes the job, need not read the part's rows.</summary>
internal sealed record PartRecord
{
    private static readonly JsonSerializerOptions s_json = new(ManifestJson.Options) { WriteIndented = false };

    /// <summary>Customers of the partition, scored or not.</summary>
    public required long Customers { get; init; }

    /// <summary>Customers that have nothing to be scored for: gone already, or not there yet.</summary>
    public required long NotAtRisk { get; init; }

    /// <summary>Customers that the job's condition left out.</summary>
    public required long LeftOut { get; init; }

    /// <summary>The part; null when nobody of the partition has a row.</summary>
    public required ManifestPart? Part { get; init; }

    /// <summary>Its scores.</summary>
    public required ScoreSketch Scores { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <summary>Null for a file that is absent or cannot be read: its partition is computed again.</summary>
    public static PartRecord? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<PartRecord>(File.ReadAllText(path), s_json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
