using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>What was decided about training a new model.</summary>
/// <param name="Decision">What.</param>
/// <param name="Why">In one sentence, with the figures; the same decision for the same reason is the same text.</param>
public sealed record RetrainNote(RetrainDecision Decision, string Why)
{
    /// <summary>The model that was trained; null when none was.</summary>
    public string? Version { get; init; }

    /// <summary>The champion that it would replace; null: there is none.</summary>
    public string? From { get; init; }
}

/// <summary>Training of challengers: one process at a time, every decision in the log.</summary>
/// <remarks>The registry's own lock is held for a change only, so that others may register and promote while a model is trained; this one is held for all of it.</remarks>
public static class Retraining
{
    internal const string LockName = ".retraining";

    /// <summary>Keeps other processes from training a challenger for this registry, until disposed or until this process is dead.</summary>
    /// <param name="registry">The registry.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8101 when there is no registry, CE8103 when it cannot be written; <see cref="ChurnTransientException"/> CE8118 while another process trains.</remarks>
    public static FolderLock BeginRetraining(this ModelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (!RegistryState.IsThere(registry.Folder))
            throw RegistryErrors.NoRegistry(registry.Folder);
        try
        {
            return FolderLock.TryTake(registry.Folder, LockName) ?? throw RegistryErrors.Retraining(registry.Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CannotWrite(registry.Folder, failure);
        }
    }

    /// <summary>Writes a decision into the log. The one that was written last is not written again: asking twice about the same data is one decision.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="note">The decision.</param>
    /// <remarks>Errors: those of a change.</remarks>
    public static void Note(this ModelRegistry registry, RetrainNote note)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(note);
        registry.Change(mayMake: false, log =>
        {
            LogEntry? last = log.Entries.LastOrDefault(entry => entry.Action == LogAction.Retraining);
            // Of a model that was trained the version says all; an interrupted process that is run again words it otherwise.
            bool isKnown = last is not null && last.Decision == note.Decision && last.Version == note.Version && (note.Version is not null || (last.Reason == note.Why && last.From == note.From));
            if (!isKnown)
                log.Append(registry.Folder, new LogEntry { Action = LogAction.Retraining, Decision = note.Decision, Version = note.Version, From = note.From, Reason = note.Why }, registry.Now);
            return !isKnown;
        });
    }
}
