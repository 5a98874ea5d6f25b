using System.Security.Cryptography;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>The versions of a registry: a folder each, named by the content of the model, made whole or not at all and never changed.</summary>
/// <remarks>
/// <code>
/// versions/m-0123456789ab/model.onnx      the model
///                         model-card.md   what it says of itself, for people
///                         record.json     when it came, and the hashes of the other two
/// versions/.m-0123456789ab.incoming/      one that is being written
/// </code></remarks>
internal static class VersionStore
{
    public const string FolderName = "versions", ModelName = "model.onnx", CardName = "model-card.md", RecordName = "record.json";
    private const string Incoming = ".incoming";

    public static string FolderOf(string registry, string version) => Path.Combine(registry, FolderName, version);

    public static string ModelPath(string registry, string version) => Path.Combine(FolderOf(registry, version), ModelName);

    /// <summary>Names of the version folders, ordered.</summary>
    public static string[] Names(string registry)
    {
        string folder = Path.Combine(registry, FolderName);
        return Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)).Where(AliasName.IsVersion).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Writes a version that is not there, or one of which files are damaged. Under the registry's lock.</summary>
    public static void Write(string registry, VersionRecord record, ReadOnlyMemory<byte> model, string card)
    {
        string folder = FolderOf(registry, record.Version);
        if (Directory.Exists(folder))
        {
            // The same content by its name, so replacing file by file never shows another model.
            Fill(folder, record, model, card);
            return;
        }
        string incoming = Path.Combine(registry, FolderName, $".{record.Version}{Incoming}");
        FileChanges.Delete(incoming);
        Fill(incoming, record, model, card);
        FileChanges.Move(incoming, folder);
    }

    /// <summary>Removes what killed writers left. Under the registry's lock.</summary>
    public static void RemoveLeftovers(string registry)
    {
        string folder = Path.Combine(registry, FolderName);
        if (!Directory.Exists(folder))
            return;
        foreach (string leftover in Directory.GetDirectories(folder, $".*{Incoming}"))
            FileChanges.Delete(leftover);
    }

    /// <summary>What is wrong with the files of a version; null when all are as they were written.</summary>
    public static string? Fault(string registry, string version)
    {
        string folder = FolderOf(registry, version);
        if (!Directory.Exists(folder))
            return "its folder is gone";
        if (ModelFault(registry, version) is { } fault)
            return fault;
        if (VersionRecord.TryRead(Path.Combine(folder, RecordName)) is not { } record)
            return $"{RecordName} is gone or damaged";
        if (record.Version != version)
            return $"{RecordName} is that of {record.Version}";
        string card = Path.Combine(folder, CardName);
        return !File.Exists(card) ? $"{CardName} is gone" : HashOf(card) != record.CardSha256 ? $"{CardName} was changed" : null;
    }

    /// <summary>What is wrong with the model file alone: what it takes to serve.</summary>
    public static string? ModelFault(string registry, string version)
    {
        string path = ModelPath(registry, version);
        if (!File.Exists(path))
            return $"{ModelName} is gone";
        return $"m-{HashOf(path)[..12]}" == version ? null : $"{ModelName} was changed";
    }

    public static VersionRecord? Record(string registry, string version) => VersionRecord.TryRead(Path.Combine(FolderOf(registry, version), RecordName));

    public static string HashOf(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void Fill(string folder, VersionRecord record, ReadOnlyMemory<byte> model, string card)
    {
        AtomicFile.Write(Path.Combine(folder, ModelName), stream => stream.Write(model.Span));
        AtomicFile.WriteText(Path.Combine(folder, CardName), card);
        AtomicFile.WriteText(Path.Combine(folder, RecordName), ManifestJson.Write(record));
    }
}
