using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative, with slashes.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Of the content, hexadecimal.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>What a backup holds; `backup.json` in its folder.</summary>
/// <param name="TakenAt">ISO 8601 UTC.</param>
/// <param name="Entries">Lines of the audit log.</param>
/// <param name="HeadSha256">SHA-256 of the last one: kept elsewhere, it shows even a log that was written anew with all of its hashes.</param>
/// <param name="Files">Every file.</param>
public sealed record BackupManifest(string TakenAt, int Entries, string HeadSha256, IReadOnlyList<BackupFile> Files);

/// <summary>What a restore did.</summary>
/// <param name="Versions">Versions brought back.</param>
/// <param name="LogReplaced">Whether the audit log and the aliases came from the backup; else those that were there were ahead of it, and stay.</param>
/// <param name="Entries">Lines of the audit log now.</param>
public sealed record RestoreOutcome(IReadOnlyList<string> Versions, bool LogReplaced, int Entries);

/// <summary>Copies a registry away, and brings files back.</summary>
public static class RegistryBackup
{
    /// <summary>Name of the manifest.</summary>
    public const string ManifestName = "backup.json";

    private const string Pending = ".backup";

    /// <summary>Copies every version that is whole, the log and the aliases into a new folder, which appears whole or not at all.</summary>
    /// <param name="registry">The registry; locked meanwhile.</param>
    /// <param name="to">The new folder.</param>
    /// <returns>What it holds.</returns>
    /// <remarks>Errors: those of a change; <see cref="ChurnConfigException"/> CE8112 when the folder is there; <see cref="ChurnModelException"/> CE8106 when a version is damaged: a backup of it would be none.</remarks>
    public static BackupManifest Backup(this ModelRegistry registry, string to)
    {
        ArgumentNullException.ThrowIfNull(registry);
        string target = Path.GetFullPath(to), work = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}{Pending}");
        if (Path.Exists(target) || $"{target}/".StartsWith($"{registry.Folder}/", StringComparison.Ordinal))
            throw RegistryErrors.NoPlaceForABackup(to);
        return registry.Change(mayMake: false, log =>
        {
            FileChanges.Delete(work);
            var files = new List<BackupFile>();
            foreach (string path in Files(registry))
            {
                Copy(Path.Combine(registry.Folder, path), Path.Combine(work, path));
                files.Add(new BackupFile(path, new FileInfo(Path.Combine(work, path)).Length, VersionStore.HashOf(Path.Combine(work, path))));
            }
            var manifest = new BackupManifest(AuditLog.TimeText(log.Latest(registry.Now)), log.Entries.Count, log.HeadHash, files);
            AtomicFile.WriteText(Path.Combine(work, ManifestName), ManifestJson.Write(manifest));
            FileChanges.Move(work, target);
            return manifest;
        });
    }

    /// <summary>Brings versions back that are gone or damaged, and the log with its aliases where they are gone, damaged or behind those of the backup.</summary>
    /// <param name="registry">The registry; may be gone altogether.</param>
    /// <param name="from">A backup, which is looked at as a whole first.</param>
    /// <remarks>Versions come first, then the log, then the aliases, which follow from it: whatever an alias names at any instant is there. Errors: those of a change, but for the damaged log;
    /// <see cref="ChurnDataException"/> CE8111 when the backup is not whole; <see cref="ChurnConfigException"/> CE8113 when both went on from a common line.</remarks>
    public static RestoreOutcome Restore(this ModelRegistry registry, string from)
    {
        ArgumentNullException.ThrowIfNull(registry);
        Check(from);
        AuditLog theirs = AuditLog.Read(from);
        FileChanges.CreateFolder(registry.Folder);
        bool replaces = ReplaceFiles(registry, from, theirs, out string[] versions);
        return registry.Change(mayMake: true, log =>
        {
            log.Append(registry.Folder, new LogEntry { Action = LogAction.Restored, Reason = $"from a backup of {theirs.Entries.Count} lines, {theirs.HeadHash[..12]}; {versions.Length} versions{(replaces ? ", the log and the aliases" : "")}" }, registry.Now);
            return new RestoreOutcome(versions, replaces, log.Entries.Count);
        });
    }

    // Before anything is put in order by a log that may be the damaged part.
    private static bool ReplaceFiles(ModelRegistry registry, string from, AuditLog theirs, out string[] versions)
    {
        try
        {
            using FolderLock held = registry.TakeLock() ?? throw RegistryErrors.InUse(registry.Folder);
            AuditLog ours = AuditLog.Read(registry.Folder);
            registry.RefuseStrangers();
            int common = ours.Hashes.Zip(theirs.Hashes, (a, b) => a == b).TakeWhile(same => same).Count();
            bool isAhead = ours.Fault is null && common == theirs.Hashes.Count;
            if (ours.Fault is null && common < ours.Hashes.Count && common < theirs.Hashes.Count)
                throw RegistryErrors.Diverged(registry.Folder, common);
            versions = [.. VersionStore.Names(from).Where(version => VersionStore.Fault(registry.Folder, version) is not null)];
            foreach (string version in versions)
            {
                foreach (string file in new[] { VersionStore.ModelName, VersionStore.CardName, VersionStore.RecordName })
                    Copy(Path.Combine(VersionStore.FolderOf(from, version), file), Path.Combine(VersionStore.FolderOf(registry.Folder, version), file));
            }
            if (!isAhead)
            {
                // The head first: until the log is there too, the registry is seen to be damaged and nobody builds on it.
                Copy(Path.Combine(from, AuditLog.HeadFileName), Path.Combine(registry.Folder, AuditLog.HeadFileName));
                Copy(Path.Combine(from, AuditLog.FileName), Path.Combine(registry.Folder, AuditLog.FileName));
            }
            AuditLog now = AuditLog.Read(registry.Folder);
            // An alias may have been moved by a line that is lost.
            if (RegistryState.FaultOf(registry.Folder, now) is not null)
            {
                foreach (string alias in AliasName.All)
                    registry.FollowLog(now, alias);
            }
            return !isAhead;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CannotWrite(registry.Folder, failure);
        }
    }

    private static IEnumerable<string> Files(ModelRegistry registry)
    {
        foreach (string version in VersionStore.Names(registry.Folder))
        {
            if (VersionStore.Fault(registry.Folder, version) is { } fault)
                throw RegistryErrors.VersionDamaged(registry.Folder, version, fault, registry.Read().Remedy(null));
            foreach (string file in new[] { VersionStore.ModelName, VersionStore.CardName, VersionStore.RecordName })
                yield return $"{VersionStore.FolderName}/{version}/{file}";
        }
        foreach (string alias in AliasName.All.Where(alias => File.Exists(AliasFile.PathOf(registry.Folder, alias))))
            yield return $"{AliasFile.FolderName}/{alias}.json";
        yield return AuditLog.FileName;
        yield return AuditLog.HeadFileName;
    }

    private static void Check(string from)
    {
        BackupManifest? manifest;
        try
        {
            string path = Path.Combine(from, ManifestName);
            manifest = File.Exists(path) ? JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(path), ManifestJson.Options) : throw RegistryErrors.BadBackup(from, $"{ManifestName} is not there");
        }
        catch (JsonException broken)
        {
            throw RegistryErrors.BadBackup(from, $"{ManifestName} cannot be read: {broken.Message}");
        }
        if (manifest is not { Files: not null, HeadSha256: not null })
            throw RegistryErrors.BadBackup(from, $"{ManifestName} says nothing");
        foreach (BackupFile file in manifest.Files)
        {
            string path = Path.Combine(from, file.Path);
            if (!File.Exists(path) || VersionStore.HashOf(path) != file.Sha256)
                throw RegistryErrors.BadBackup(from, $"'{file.Path}' is gone or was changed");
        }
        AuditLog log = AuditLog.Read(from);
        if (log.Fault is { } fault)
            throw RegistryErrors.BadBackup(from, fault);
        if (log.Entries.Count != manifest.Entries || log.HeadHash != manifest.HeadSha256)
            throw RegistryErrors.BadBackup(from, "its audit log is not the one that was copied");
    }

    private static void Copy(string from, string to) => AtomicFile.Write(to, stream =>
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        source.CopyTo(stream);
    });
}
