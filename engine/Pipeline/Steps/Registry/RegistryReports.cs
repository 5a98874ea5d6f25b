namespace ChurnEngine.Pipeline;

/// <summary>What a gate said.</summary>
/// <param name="Gate">Its name.</param>
/// <param name="Passed">Whether the version may pass.</param>
/// <param name="Why">In one sentence, with the numbers.</param>
public sealed record GateReport(string Gate, bool Passed, string Why);

/// <summary>What became of a wish to move an alias.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="Alias">The alias.</param>
/// <param name="From">Where it stood; null: nowhere.</param>
/// <param name="Version">The version that it was to stand on.</param>
/// <param name="Moved">Whether it stands there now because of this.</param>
/// <param name="Refused">Whether a gate stood in the way.</param>
/// <param name="Gates">What the gates said.</param>
/// <param name="Note">What else is to be said; empty when nothing is.</param>
public sealed record MoveReport(string Registry, string Alias, string? From, string Version, bool Moved, bool Refused, IReadOnlyList<GateReport> Gates, string Note);

/// <summary>A version in a list.</summary>
/// <param name="Version">The version.</param>
/// <param name="Aliases">Aliases that stand on it.</param>
/// <param name="RegisteredAt">When it came, ISO 8601 UTC; empty when its record is gone.</param>
/// <param name="Algorithm">What trained it.</param>
/// <param name="Metrics">Metrics of its training.</param>
/// <param name="Run">Run that trained it; null when it is not known.</param>
/// <param name="Fault">What is wrong with its files; null when they are whole.</param>
public sealed record VersionRow(string Version, IReadOnlyList<string> Aliases, string RegisteredAt, string Algorithm, IReadOnlyDictionary<string, double> Metrics, string? Run, string? Fault);

/// <summary>Where an alias stands.</summary>
/// <param name="Alias">Its name.</param>
/// <param name="Version">Its version; null where that cannot be known.</param>
/// <param name="Since">From when, ISO 8601 UTC.</param>
/// <param name="Problem">What is wrong with its file; null when nothing is.</param>
public sealed record AliasRow(string Alias, string? Version, string? Since, string? Problem);

/// <summary>What a registry holds.</summary>
/// <param name="Registry">Its folder.</param>
/// <param name="Versions">The versions, the latest first.</param>
/// <param name="Aliases">Where the aliases stand.</param>
/// <param name="LogFault">What is wrong with the audit log; null when it is whole.</param>
public sealed record RegistryListing(string Registry, IReadOnlyList<VersionRow> Versions, IReadOnlyList<AliasRow> Aliases, string? LogFault);

/// <summary>One version in full.</summary>
/// <param name="Row">As in the list.</param>
/// <param name="Model">Path of its model file.</param>
/// <param name="Card">Path of its card.</param>
/// <param name="Source">File that it was taken from.</param>
/// <param name="PlanHash">Hash of its plan.</param>
/// <param name="KnownThrough">ISO 8601 instant from which a snapshot is new to it; null where the model does not say.</param>
/// <param name="CardText">The card.</param>
public sealed record VersionDetail(VersionRow Row, string Model, string Card, string Source, string PlanHash, string? KnownThrough, string CardText);

/// <summary>A line of the audit log.</summary>
/// <param name="Number">Of the line.</param>
/// <param name="Time">ISO 8601 UTC.</param>
/// <param name="Action">registered, intended, completed, abandoned, refused, restored or retraining.</param>
/// <param name="Kind">promotion or rollback; null of others.</param>
/// <param name="Alias">The alias that moves.</param>
/// <param name="Version">The version.</param>
/// <param name="From">Where the alias stood.</param>
/// <param name="Reason">What the user gave as the reason.</param>
/// <param name="Forced">Whether it overruled a gate.</param>
/// <param name="Gates">What the gates said.</param>
public sealed record HistoryRow(int Number, string Time, string Action, string? Kind, string? Alias, string? Version, string? From, string? Reason, bool Forced, IReadOnlyList<GateReport> Gates)
{
    /// <summary>Of retraining: not_needed, waits, trained, refused, promoted or failed; null of others.</summary>
    public string? Decision { get; init; }
}

/// <summary>What was done in a registry.</summary>
/// <param name="Registry">Its folder.</param>
/// <param name="At">The instant that was asked for; null: the whole history.</param>
/// <param name="Standing">Where each alias stood at that instant, or stands now.</param>
/// <param name="Lines">Lines of the audit log up to it.</param>
public sealed record RegistryHistory(string Registry, string? At, IReadOnlyList<AliasRow> Standing, IReadOnlyList<HistoryRow> Lines);

/// <summary>One thing in which models or runs differ.</summary>
/// <param name="Area">training, options, features, metrics, decision, plan.</param>
/// <param name="Name">What.</param>
/// <param name="Values">Of each, in order; empty where one has none.</param>
public sealed record DifferenceRow(string Area, string Name, IReadOnlyList<string> Values);

/// <summary>In what models or runs differ.</summary>
/// <param name="Compared">What was compared, in order.</param>
/// <param name="Differences">By area; empty when they say the same.</param>
public sealed record DifferenceReport(IReadOnlyList<string> Compared, IReadOnlyList<DifferenceRow> Differences);

/// <summary>Something in a registry that is not as it should be.</summary>
/// <param name="What">The file, the version or the alias.</param>
/// <param name="Problem">In words.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="HealsItself">True when the next change puts it right.</param>
public sealed record ProblemRow(string What, string Problem, string Hint, bool HealsItself);

/// <summary>What looking at every file of a registry found.</summary>
/// <param name="Registry">Its folder.</param>
/// <param name="Versions">Versions looked at.</param>
/// <param name="Proved">Of these, models that are whole and proved themselves.</param>
/// <param name="Lines">Lines of the audit log whose chain was walked.</param>
/// <param name="Problems">What is wrong; empty when nothing is.</param>
public sealed record RegistryVerifyReport(string Registry, int Versions, int Proved, int Lines, IReadOnlyList<ProblemRow> Problems);

/// <summary>What a backup holds.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="Backup">The backup's folder.</param>
/// <param name="Files">Files in it.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="HeadSha256">SHA-256 of the last line of the audit log.</param>
public sealed record BackupReport(string Registry, string Backup, int Files, long Bytes, string HeadSha256);

/// <summary>What a restore did.</summary>
/// <param name="Registry">The registry.</param>
/// <param name="Versions">Versions brought back.</param>
/// <param name="LogReplaced">Whether log and aliases came from the backup.</param>
/// <param name="Aliases">Where the aliases stand now.</param>
public sealed record RestoreReport(string Registry, IReadOnlyList<string> Versions, bool LogReplaced, IReadOnlyList<AliasRow> Aliases);

/// <summary>A model that came into a registry.</summary>
/// <param name="Registry">Its folder.</param>
/// <param name="Version">The version.</param>
/// <param name="IsNew">False when it was there already.</param>
public sealed record RegistrationReport(string Registry, string Version, bool IsNew);
