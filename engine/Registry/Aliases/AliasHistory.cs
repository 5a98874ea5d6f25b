namespace ChurnEngine.Registry;

/// <summary>One stay of an alias on a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="From">From when, microseconds since 1970 UTC.</param>
/// <param name="Intent">Line of the audit log that moved it.</param>
public sealed record AliasStay(string Version, long From, LogEntry Intent);

/// <summary>Where the aliases stood at every instant, as the audit log tells it.</summary>
public sealed class AliasHistory
{
    private readonly Dictionary<string, List<AliasStay>> _stays = AliasName.All.ToDictionary(name => name, _ => new List<AliasStay>());
    private readonly Dictionary<string, List<AliasStay>> _behind = AliasName.All.ToDictionary(name => name, _ => new List<AliasStay>());

    private AliasHistory()
    {
    }

    /// <summary>A move that was begun and not finished; null when there is none.</summary>
    public LogEntry? Pending { get; private set; }

    /// <summary>Reads the lines of a log, first to last.</summary>
    public static AliasHistory Of(IReadOnlyList<LogEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var history = new AliasHistory();
        foreach (LogEntry entry in entries)
        {
            if (entry.Action == LogAction.Intended)
                history.Pending = entry;
            else if (entry.Action == LogAction.Completed && entry.Intent is { } number && number >= 1 && number < entry.Number)
                history.Move(entries[number - 1], entry.EffectiveAt);
            if (entry.Action is LogAction.Completed or LogAction.Abandoned)
                history.Pending = null;
        }
        return history;
    }

    /// <summary>Every stay of an alias, the first one first.</summary>
    public IReadOnlyList<AliasStay> Stays(string alias) => _stays[AliasName.Require(alias)];

    /// <summary>Where an alias stands; null where it never stood.</summary>
    public AliasStay? Now(string alias) => Stays(alias) is [.., var last] ? last : null;

    /// <summary>Where an alias stood at an instant; null where it did not stand yet.</summary>
    /// <param name="alias">Its name.</param>
    /// <param name="instant">Microseconds since 1970 UTC.</param>
    public AliasStay? At(string alias, long instant) => Stays(alias).LastOrDefault(stay => stay.From <= instant);

    /// <summary>The versions that a rollback can go back to, the latest first. A rollback takes what it goes back from out of the list: two in a row go two back.</summary>
    public IReadOnlyList<string> Behind(string alias) => [.. _behind[AliasName.Require(alias)].SkipLast(1).Reverse().Select(stay => stay.Version)];

    private void Move(LogEntry intent, long from)
    {
        if (intent is not { Alias: { } alias, Version: { } version } || !_stays.TryGetValue(alias, out List<AliasStay>? stays))
            return;
        var stay = new AliasStay(version, from, intent);
        stays.Add(stay);
        List<AliasStay> behind = _behind[alias];
        int there = intent.Kind == MoveKind.Rollback ? behind.FindLastIndex(earlier => earlier.Version == version && !ReferenceEquals(earlier, behind[^1])) : -1;
        if (there >= 0)
            behind.RemoveRange(there, behind.Count - there);
        behind.Add(stay);
    }
}
