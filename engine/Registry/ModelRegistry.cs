using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>A version that came into the registry.</summary>
/// <param name="Version">The version.</param>
/// <param name="IsNew">False when it was there already.</param>
public sealed record Registration(string Version, bool IsNew);

/// <summary>A model to be registered.</summary>
/// <param name="Model">The model, with its bytes.</param>
/// <param name="Card">Its card.</param>
/// <param name="Source">File that it came from.</param>
/// <param name="Run">Run that trained it; null when it is not known.</param>
public sealed record RegistrationRequest(ChurnModel Model, string Card, string Source, string? Run);

/// <summary>A registry of models: immutable versions, aliases that move between them, and a log of all that was done. One folder; one process at a time changes it.</summary>
/// <remarks>
/// <code>
/// registry/versions/m-0123456789ab/   a version (<see cref="VersionStore"/>)
///          aliases/production.json    where an alias stands (<see cref="AliasFile"/>)
///          audit.jsonl, audit.head    what was done (<see cref="AuditLog"/>)
///          .lock                      held while a process changes something
///          .retraining                held while a process trains a challenger (<see cref="Retraining"/>)
/// </code>
/// A move is: a line with the intent, the alias's file replaced, a line that says it is done. Killed between any two of them, the registry still says where each alias
/// stands, and the next change finishes the move, or gives it up when the version is no longer whole.
/// Errors of every member that changes: <see cref="ChurnTransientException"/> CE8102 while another process holds the registry for longer than ten seconds;
/// <see cref="ChurnConfigException"/> CE8103 when it cannot be written, CE8114 when the folder is somebody else's; <see cref="ChurnDataException"/> CE8104 when the log is damaged.</remarks>
/// <param name="folder">The registry; made by the first registration.</param>
/// <param name="clock">Tells the time of the log's lines.</param>
public sealed class ModelRegistry(string folder, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly string[] s_own = [VersionStore.FolderName, AliasFile.FolderName, AuditLog.FileName, AuditLog.HeadFileName, FolderLock.FileName, Retraining.LockName];

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Microseconds since 1970 UTC.</summary>
    internal long Now => (clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a model in; one that is there already is left as it is, unless its files are damaged.</summary>
    /// <param name="request">The model and where it comes from.</param>
    public Registration Register(RegistrationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string hash = Convert.ToHexStringLower(SHA256.HashData(request.Model.OnnxBytes.Span)), version = request.Model.Version;
        if (version.Length == 0 || version != $"m-{hash[..12]}")
            throw new ArgumentException("the model was not saved", nameof(request));
        return Change(mayMake: true, log =>
        {
            if (VersionStore.Record(Folder, version) is { } there && there.Sha256 != hash)
                throw RegistryErrors.VersionCollision(version);
            bool isKnown = log.Entries.Any(entry => entry.Action == LogAction.Registered && entry.Version == version);
            if (VersionStore.Fault(Folder, version) is not null)
                VersionStore.Write(Folder, RecordOf(request, hash, log), request.Model.OnnxBytes, request.Card);
            if (!isKnown)
                log.Append(Folder, new LogEntry { Action = LogAction.Registered, Version = version }, Now);
            return new Registration(version, !isKnown);
        });
    }

    /// <summary>What the registry holds now.</summary>
    /// <remarks>Errors: those of <see cref="RegistryState.Read"/>.</remarks>
    public RegistryState Read() => RegistryState.Read(Folder);

    /// <summary>Finishes a move that a killed process began, or gives it up; a registry in order is not touched. Whoever judges by the champion for long asks first: the next change would move it under his hands.</summary>
    /// <remarks>Errors: those of a change.</remarks>
    public void FinishMove()
    {
        if (RegistryState.IsThere(Folder) && Read().History.Pending is not null)
            Change(mayMake: false, _ => true);
    }

    /// <summary>Does a change alone: under the lock, on a registry that was put in order.</summary>
    internal T Change<T>(bool mayMake, Func<AuditLog, T> change)
    {
        try
        {
            if (!mayMake && !RegistryState.IsThere(Folder))
                throw RegistryErrors.NoRegistry(Folder);
            FileChanges.CreateFolder(Folder);
            RefuseStrangers();
            using FolderLock held = TakeLock() ?? throw RegistryErrors.InUse(Folder);
            AuditLog log = AuditLog.Read(Folder);
            if (RegistryState.FaultOf(Folder, log) is { } fault)
                throw RegistryErrors.LogDamaged(Folder, fault);
            return change(Heal(log));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CannotWrite(Folder, failure);
        }
    }

    /// <summary>The lock; null when another process keeps it for longer than we wait.</summary>
    internal FolderLock? TakeLock()
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (FolderLock.TryTake(Folder) is { } held)
                return held;
            if (Stopwatch.GetElapsedTime(started) >= s_patience)
                return null;
            Thread.Sleep(20);
        }
    }

    /// <summary>Moves an alias, all gates being passed: intent, file, done.</summary>
    internal void Move(AuditLog log, LogEntry intent)
    {
        LogEntry written = log.Append(Folder, intent, Now);
        Complete(log, written, log.Latest(Now));
    }

    /// <summary>Finishes what a killed process began, and brings files back that follow from the log.</summary>
    private AuditLog Heal(AuditLog read)
    {
        AuditLog log = read.Tidy(Folder);
        VersionStore.RemoveLeftovers(Folder);
        if (AliasHistory.Of(log.Entries).Pending is { } pending)
        {
            bool hasMoved = AliasFile.Read(Folder, pending.Alias!).Content is { } file && file.Entry == pending.Number && file.Version == pending.Version;
            if (hasMoved)
                Finish(log, pending, pending.At);
            else if (VersionStore.ModelFault(Folder, pending.Version!) is { } fault)
                log.Append(Folder, new LogEntry { Action = LogAction.Abandoned, Alias = pending.Alias, Version = pending.Version, Intent = pending.Number, Reason = fault }, Now);
            else
                Complete(log, pending, log.Latest(Now));
            log.Finished = AliasHistory.Of(log.Entries).Now(pending.Alias!)?.Intent == pending ? pending : null;
        }
        foreach (AliasState alias in RegistryState.Look(Folder).Aliases.Where(state => state.Problem is not null))
            FollowLog(log, alias.Alias);
        HashSet<string?> known = [.. log.Entries.Where(entry => entry.Action == LogAction.Registered).Select(entry => entry.Version)];
        foreach (string version in VersionStore.Names(Folder).Where(version => !known.Contains(version) && VersionStore.Fault(Folder, version) is null))
            log.Append(Folder, new LogEntry { Action = LogAction.Registered, Version = version }, Now);
        return log;
    }

    /// <summary>Writes the file of an alias as the log has it.</summary>
    internal void FollowLog(AuditLog log, string alias)
    {
        if (AliasHistory.Of(log.Entries).Now(alias) is { } stay)
            AliasFile.Of(alias, stay.Version, stay.Intent, log.Hashes[stay.Intent.Number - 1]).Write(Folder);
        else
            FileChanges.Delete(AliasFile.PathOf(Folder, alias));
    }

    private void Complete(AuditLog log, LogEntry intent, long effective)
    {
        AliasFile.Of(intent.Alias!, intent.Version!, intent, log.Hashes[intent.Number - 1]).Write(Folder);
        Finish(log, intent, effective);
    }

    private void Finish(AuditLog log, LogEntry intent, long effective) => log.Append(Folder, new LogEntry
    {
        Action = LogAction.Completed,
        Alias = intent.Alias,
        Version = intent.Version,
        Intent = intent.Number,
        Effective = AuditLog.TimeText(effective),
    }, Now);

    private VersionRecord RecordOf(RegistrationRequest request, string hash, AuditLog log)
    {
        ModelMetadata metadata = request.Model.Metadata;
        return new VersionRecord
        {
            Version = request.Model.Version,
            Sha256 = hash,
            Bytes = request.Model.OnnxBytes.Length,
            CardSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Card))),
            RegisteredAt = AuditLog.TimeText(log.Latest(Now)),
            Name = metadata.ModelName,
            EngineVersion = metadata.EngineVersion,
            Algorithm = metadata.TrainerOptions.GetValueOrDefault("Algorithm", ""),
            Task = metadata.Task,
            PlanHash = metadata.PlanHash,
            Metrics = new SortedDictionary<string, double>(metadata.Metrics.ToDictionary(), StringComparer.Ordinal),
            Source = request.Source,
            Run = request.Run,
        }.Sealed();
    }

    /// <summary>Refuses a folder that holds other things than a registry.</summary>
    internal void RefuseStrangers()
    {
        string? stranger = Directory.EnumerateFileSystemEntries(Folder).Select(path => Path.GetFileName(path)).FirstOrDefault(name => !s_own.Contains(name) && !name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal));
        if (stranger is not null)
            throw RegistryErrors.HoldsStranger(Folder, stranger);
    }
}
