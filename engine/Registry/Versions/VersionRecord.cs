using System.Security.Cryptography;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>What a registry notes of a version; written once, with it.</summary>
public sealed record VersionRecord
{
    /// <summary>The version: "m-" and the first 12 hexadecimal digits of <see cref="Sha256"/>.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the model file, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the model file.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the model card, hexadecimal.</summary>
    public required string CardSha256 { get; init; }

    /// <summary>When it came, ISO 8601 UTC.</summary>
    public required string RegisteredAt { get; init; }

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Engine that trained it.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>What trained it, as churn.yaml calls it; empty of a file that does not say.</summary>
    public required string Algorithm { get; init; }

    /// <summary>What it predicts.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Hash of the plan.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Metrics of its training by name, such as "test.roc_auc".</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>File that it was taken from.</summary>
    public required string Source { get; init; }

    /// <summary>Run that trained it; null when it is not known.</summary>
    public string? Run { get; init; }

    /// <summary>SHA-256 over the other values.</summary>
    public string Check { get; init; } = "";

    internal VersionRecord Sealed() => this with { Check = Hash() };

    internal static VersionRecord? TryRead(string path)
    {
        try
        {
            VersionRecord? read = File.Exists(path) ? JsonSerializer.Deserialize<VersionRecord>(File.ReadAllText(path), ManifestJson.Options) : null;
            return read is not null && read.Check == read.Hash() ? read : null;
        }
        catch (Exception broken) when (broken is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ManifestJson.Write(this with { Check = "", Metrics = new SortedDictionary<string, double>(Metrics.ToDictionary(), StringComparer.Ordinal) }))));
}
