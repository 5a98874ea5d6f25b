using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>Where an alias stands.</summary>
/// <param name="Alias">Its name.</param>
/// <param name="Version">Its version; null where it stands on none, or where that cannot be known.</param>
/// <param name="Since">From when, ISO 8601 UTC; null without a version.</param>
/// <param name="Problem">What is wrong with its file; null when nothing is.</param>
public sealed record AliasState(string Alias, string? Version, string? Since, string? Problem);

/// <summary>A registry as it is on disk, read without a lock.</summary>
/// <remarks>
/// Where an alias stands follows from the audit log while its chain is whole, and from the alias's own file, which checks itself, when it is not:
/// either alone is enough to serve.
/// </remarks>
public sealed class RegistryState
{
    private RegistryState(string folder, AuditLog log, AliasHistory history) => (Folder, Log, History) = (folder, log, history);

    /// <summary>The registry.</summary>
    public string Folder { get; }

    /// <summary>Its log.</summary>
    public AuditLog Log { get; }

    /// <summary>What is wrong with the log, as far as it or the aliases tell; null when it is whole.</summary>
    public string? Fault { get; private init; }

    /// <summary>Where its aliases stood.</summary>
    public AliasHistory History { get; }

    /// <summary>Every alias that stands somewhere, or whose file is not as it should be.</summary>
    public required IReadOnlyList<AliasState> Aliases { get; init; }

    /// <summary>Versions that lie in the folder, ordered by name.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>True when the folder holds a registry.</summary>
    public static bool IsThere(string folder) => File.Exists(Path.Combine(folder, AuditLog.FileName)) || Directory.Exists(Path.Combine(folder, VersionStore.FolderName)) || Directory.Exists(Path.Combine(folder, AliasFile.FolderName));

    /// <summary>Reads.</summary>
    /// <param name="folder">The registry.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8101 when there is none; <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>.</remarks>
    public static RegistryState Read(string folder) => IsThere(folder) ? Look(folder) : throw RegistryErrors.NoRegistry(folder);

    /// <summary>The same of a folder that may be empty yet.</summary>
    internal static RegistryState Look(string folder)
    {
        AuditLog log = AuditLog.Read(folder);
        AliasHistory history = AliasHistory.Of(log.Entries);
        string? fault = FaultOf(folder, log);
        return new RegistryState(folder, log, history)
        {
            Fault = fault,
            Aliases = [.. AliasName.All.Select(alias => StateOf(folder, alias, (log, fault), history)).Where(state => state.Version is not null || state.Problem is not null)],
            Versions = VersionStore.Names(folder),
        };
    }

    /// <summary>The version that an alias stands on; null where it stands on none.</summary>
    public string? VersionOf(string alias) => Aliases.FirstOrDefault(state => state.Alias == alias)?.Version;

    /// <summary>The version that others are compared with: the champion's, else production's.</summary>
    public string? Champion => VersionOf(AliasName.Champion) ?? VersionOf(AliasName.Production);

    /// <summary>The version that a word names: an alias's, or a version itself, perhaps by its first digits.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8105, CE8109; <see cref="ChurnDataException"/> CE8104 when an alias cannot be known.</remarks>
    public string Resolve(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (AliasName.All.Contains(word))
        {
            if (VersionOf(word) is { } version)
                return version;
            throw Fault is { } fault ? RegistryErrors.LogDamaged(Folder, fault) : RegistryErrors.AliasUnset(Folder, word);
        }
        if (Versions.Contains(word))
            return word;
        string[] begun = word.Length >= 4 ? [.. Versions.Where(version => version.StartsWith(word, StringComparison.Ordinal))] : [];
        return begun.Length == 1 ? begun[0] : throw RegistryErrors.NoSuchVersion(Folder, word, Versions.Concat(AliasName.All));
    }

    /// <summary>The model file that a word names, whole.</summary>
    /// <param name="word">An alias, or a version.</param>
    /// <remarks>Errors: as <see cref="Resolve"/>; <see cref="ChurnModelException"/> CE8106 when the file is gone or was changed, with the last good version to go back to.</remarks>
    public string ModelPath(string word)
    {
        string version = Resolve(word);
        if (VersionStore.ModelFault(Folder, version) is not { } fault)
            return VersionStore.ModelPath(Folder, version);
        throw RegistryErrors.VersionDamaged(Folder, version, fault, Remedy(AliasName.All.Contains(word) ? word : null));
    }

    /// <summary>What was noted of a version when it came; null when that is gone or damaged.</summary>
    public VersionRecord? RecordOf(string version) => VersionStore.Record(Folder, version);

    /// <summary>What is wrong with the files of a version; null when all are as they were written.</summary>
    public string? FaultOf(string version) => VersionStore.Fault(Folder, version);

    /// <summary>Where the card of a version lies.</summary>
    public string CardPath(string version) => Path.Combine(VersionStore.FolderOf(Folder, version), VersionStore.CardName);

    /// <summary>Throws when the audit log is damaged.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE8104.</remarks>
    public void RequireWholeLog()
    {
        if (Fault is { } fault)
            throw RegistryErrors.LogDamaged(Folder, fault);
    }

    /// <summary>What to do about a damaged version.</summary>
    internal string Remedy(string? alias)
    {
        string? good = alias is null ? null : LastGood(alias);
        return good is null ? "bring it back with `churn models restore --from BACKUP`, or register the same file again" : $"`churn models rollback --alias {alias}` goes back to {good}, the last good one; or bring it back with `churn models restore --from BACKUP`";
    }

    /// <summary>The latest earlier version of an alias whose model file is whole.</summary>
    public string? LastGood(string alias) => History.Behind(alias).FirstOrDefault(version => VersionStore.ModelFault(Folder, version) is null);

    /// <summary>What is wrong with a log. An alias names the line that moved it, so it remembers one whose end was taken away together with its head, or that was written anew.</summary>
    internal static string? FaultOf(string folder, AuditLog log)
    {
        if (log.Fault is not null)
            return log.Fault;
        foreach (string alias in AliasName.All)
        {
            if (AliasFile.Read(folder, alias).Content is { } file && (file.Entry > log.Entries.Count || log.Hashes[file.Entry - 1] != file.EntrySha256))
                return file.Entry > log.Entries.Count ? $"its end is gone: {alias} was moved by line {file.Entry}, and {log.Entries.Count} are there" : $"line {file.Entry} is not the one that moved {alias}";
        }
        return null;
    }

    private static AliasState StateOf(string folder, string alias, (AuditLog Lines, string? Fault) read, AliasHistory history)
    {
        (AliasFile? file, string? fault) = AliasFile.Read(folder, alias);
        AuditLog log = read.Lines;
        string name = $"{AliasFile.FolderName}/{alias}.json";
        if (read.Fault is not null)
            return new AliasState(alias, file?.Version, file?.Since, fault is null ? null : $"{name}: {fault}");
        if (file is not null && history.Pending is { } pending && pending.Alias == alias && Names(file, pending, log))
            return new AliasState(alias, file.Version, file.Since, null);
        if (history.Now(alias) is not { } stay)
            return new AliasState(alias, null, null, file is null && fault is null ? null : $"{name}: no line of the audit log moved it");
        string? problem = fault ?? (file is null ? "it is gone" : Names(file, stay.Intent, log) ? null : "it does not say what the audit log says");
        return new AliasState(alias, stay.Version, AuditLog.TimeText(stay.From), problem is null ? null : $"{name}: {problem}");
    }

    private static bool Names(AliasFile file, LogEntry intent, AuditLog log) =>
        file.Entry == intent.Number && file.Version == intent.Version && file.EntrySha256 == log.Hashes[intent.Number - 1];
}
