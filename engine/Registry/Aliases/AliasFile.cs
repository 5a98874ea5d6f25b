using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>What an alias stands on: a small file of its own, replaced in one step, that checks itself.</summary>
/// <param name="Alias">Its name.</param>
/// <param name="Version">The version.</param>
/// <param name="Since">From when, ISO 8601 UTC.</param>
/// <param name="Entry">Number of the line of the audit log that moved it.</param>
/// <param name="EntrySha256">SHA-256 of that line.</param>
/// <param name="Sha256">Over the other values.</param>
public sealed record AliasFile(string Alias, string Version, string Since, int Entry, string EntrySha256, string Sha256)
{
    /// <summary>Folder of these files in the registry.</summary>
    public const string FolderName = "aliases";

    /// <summary>Where the file of an alias lies.</summary>
    public static string PathOf(string folder, string alias) => Path.Combine(folder, FolderName, $"{alias}.json");

    internal static AliasFile Of(string alias, string version, LogEntry intent, string entryHash)
    {
        var file = new AliasFile(alias, version, intent.Time, intent.Number, entryHash, "");
        return file with { Sha256 = file.Hash() };
    }

    internal void Write(string folder) => AtomicFile.WriteText(PathOf(folder, Alias), ManifestJson.Write(this));

    /// <summary>Reads the file of an alias.</summary>
    /// <returns>The content, or null with what is wrong; null and null when there is no file.</returns>
    internal static (AliasFile? Content, string? Fault) Read(string folder, string alias)
    {
        string path = PathOf(folder, alias);
        try
        {
            if (!File.Exists(path))
                return (null, null);
            AliasFile? read = JsonSerializer.Deserialize<AliasFile>(File.ReadAllText(path), ManifestJson.Options);
            return read is not null && read.Alias == alias && read.Sha256 == read.Hash() ? (read, null) : (null, "its content is not what was written");
        }
        catch (FileNotFoundException)
        {
            return (null, null);
        }
        catch (JsonException broken)
        {
            return (null, $"it cannot be read: {broken.Message}");
        }
    }

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Alias, Version, Since, Entry.ToString(System.Globalization.CultureInfo.InvariantCulture), EntrySha256))));
}
