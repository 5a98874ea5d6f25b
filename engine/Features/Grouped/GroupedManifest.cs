using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What a folder of grouped tables holds, and of what.</summary>
internal sealed record GroupedManifest
{
    public const string FileName = "_grouped.json";

    /// <summary>What it was made of: see <see cref="GroupedFolder.IdentityOf"/>.</summary>
    public required string Identity { get; init; }
    public required string PlanHash { get; init; }
    public required ColumnType KeyType { get; init; }
    public required int Customers { get; init; }
    public required int Partitions { get; init; }
    public required long RowsRead { get; init; }
    public required long? FirstEventAt { get; init; }
    public required long? LastKnownAt { get; init; }
    public required long LongestLatenessMicros { get; init; }

    /// <summary>What was noticed while loading.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What whoever loaded it noticed besides: refused rows, say.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>In plan order.</summary>
    public required IReadOnlyList<GroupedTable> Tables { get; init; }

    /// <summary>Partition starts and keys.</summary>
    public required GroupedFile CustomerFile { get; init; }

    /// <summary>One a block of customers, in order.</summary>
    public required IReadOnlyList<GroupedFile> Blocks { get; init; }

    [JsonIgnore]
    public IEnumerable<GroupedFile> Files => Blocks.Prepend(CustomerFile);

    /// <summary>SHA-256 of this manifest with nothing here.</summary>
    public string Check { get; init; } = "";

    public string ToJson() => ManifestJson.Write(this with { Check = OwnCheck() });

    /// <summary>The manifest of a folder; null when there is none that this release reads, or it was changed.</summary>
    public static GroupedManifest? TryRead(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            GroupedManifest? manifest = File.Exists(path) ? JsonSerializer.Deserialize<GroupedManifest>(File.ReadAllText(path), ManifestJson.Options) : null;
            return manifest?.Check == manifest?.OwnCheck() ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string OwnCheck() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Check = "" }, ManifestJson.Options)));
}

/// <summary>A table of a grouped folder.</summary>
/// <param name="Name">As the plan calls it.</param>
/// <param name="HasKnown">Whether it says when rows became known.</param>
/// <param name="Rows">Rows kept.</param>
/// <param name="Classes">A row's class is a position here.</param>
/// <param name="Texts">[text column] texts; codes are positions here.</param>
internal sealed record GroupedTable(string Name, bool HasKnown, long Rows, IReadOnlyList<RowClass> Classes, IReadOnlyList<string[]> Texts);

/// <summary>A file of a grouped folder.</summary>
/// <param name="Name">Name in the folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, lower-case hexadecimal.</param>
internal sealed record GroupedFile(string Name, long Bytes, string Sha256);
