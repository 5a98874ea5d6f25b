using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>Every error of the registry and of the runs, CE8101 up.</summary>
internal static class RegistryErrors
{
    public static ChurnConfigException NoRegistry(string folder) =>
        new(new ErrorCode(8101), $"'{folder}' is no model registry") { Expected = $"a folder with {AuditLog.FileName}", Hint = "`churn train --register` or `churn models register` makes one; `registry:` of churn.yaml or --registry names it" };

    public static ChurnTransientException InUse(string folder) =>
        new(new ErrorCode(8102), $"another process is writing to '{folder}'") { Hint = "run the same command again when it has ended" };

    public static ChurnConfigException CannotWrite(string path, Exception cause) =>
        new(new ErrorCode(8103), $"'{path}' cannot be written", cause) { Actual = cause.Message.TrimEnd('.'), Hint = StorageFault.Hint(cause, "name another place, where this user may write") };

    public static ChurnDataException LogDamaged(string folder, string fault) =>
        new(new ErrorCode(8104), $"the audit log of registry '{folder}' is damaged: {fault}")
        {
            Expected = "every line as it was written",
            Hint = "aliases serve on as they are, and nothing may change until the log is back: `churn models restore --from BACKUP`; `churn models verify` looks at all files",
        };

    public static ChurnConfigException NoSuchVersion(string folder, string version, IEnumerable<string> known) =>
        new(new ErrorCode(8105), $"registry '{folder}' has no version '{version}'") { Hint = Suggestion.For(version, known) };

    public static ChurnModelException VersionDamaged(string folder, string version, string fault, string hint) =>
        new(new ErrorCode(8106), $"version {version} of registry '{folder}' is damaged: {fault}") { Expected = "the bytes that its name is the hash of", Hint = hint };

    public static ChurnTransientException ChampionChanged(string judged, string? now) =>
        new(new ErrorCode(8107), "the champion changed while the gates were judging")
        {
            Expected = judged.Length == 0 ? "none" : judged,
            Actual = now ?? "none",
            Hint = "run the same command again: it compares with the new champion",
        };

    public static ChurnConfigException UnknownAlias(string name) =>
        new(new ErrorCode(8108), $"'{name}' is no alias") { Expected = string.Join(", ", AliasName.All), Hint = Suggestion.For(name, AliasName.All) };

    public static ChurnConfigException AliasUnset(string folder, string alias) =>
        new(new ErrorCode(8109), $"alias '{alias}' of registry '{folder}' stands on no version") { Hint = $"`churn models promote VERSION --to {alias}` sets it; `churn models list` shows the versions" };

    public static ChurnConfigException NothingToRollBackTo(string alias, string? now, string why) =>
        new(new ErrorCode(8110), $"alias '{alias}' has no earlier version to go back to") { Actual = now is null ? "it was never set" : $"it stands on {now}; {why}", Hint = $"`churn models promote VERSION --to {alias}`, or bring files back with `churn models restore`" };

    public static ChurnDataException BadBackup(string folder, string fault) =>
        new(new ErrorCode(8111), $"'{folder}' is no whole backup of a registry: {fault}") { Hint = "take another backup; nothing was touched" };

    public static ChurnConfigException NoPlaceForABackup(string folder) =>
        new(new ErrorCode(8112), $"'{folder}' exists already, or lies in the registry") { Expected = "a new folder outside", Hint = "name another --out: a backup never replaces one" };

    public static ChurnConfigException Diverged(string folder, int common) =>
        new(new ErrorCode(8113), $"registry '{folder}' and the backup went different ways after line {common} of the audit log") { Hint = "restore into a new folder with --registry DIR, and look at both with `churn models history`" };

    public static ChurnConfigException HoldsStranger(string folder, string stranger) =>
        new(new ErrorCode(8114), $"'{folder}' holds '{stranger}', which no registry has") { Hint = "name a new or empty folder with --registry; nothing was touched" };

    public static ChurnConfigException NoRuns(string folder) =>
        new(new ErrorCode(8115), $"'{folder}' holds no runs") { Hint = "`churn train` writes them; `runs:` of churn.yaml or --runs names the folder" };

    public static ChurnConfigException NoSuchRun(string folder, string written, IEnumerable<string> known) =>
        new(new ErrorCode(8116), $"'{folder}' has no run '{written}', or several that begin so") { Hint = Suggestion.For(written, known) };

    public static ChurnConfigException VersionCollision(string version) =>
        new(new ErrorCode(8117), $"version {version} is there with another content") { Hint = "the first 12 digits of two hashes are the same: train with another seed" };

    public static ChurnTransientException Retraining(string folder) =>
        new(new ErrorCode(8118), $"another process is training a challenger for '{folder}'") { Hint = "wait for it to end: what it decides is in `churn models history`" };
}
