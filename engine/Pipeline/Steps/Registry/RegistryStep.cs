using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>What the verbs of `churn models` do, but for promoting, which needs data.</summary>
/// <remarks>Errors: those of <see cref="ModelRegistry"/>.</remarks>
public static class RegistryStep
{
    /// <summary>Takes a model file into the registry.</summary>
    /// <param name="place">The registry; made when absent.</param>
    /// <param name="modelPath">The file.</param>
    /// <param name="run">Run that trained it; null when it is not known.</param>
    /// <param name="context">For warnings.</param>
    public static RegistrationReport Register(RegistryPlace place, string modelPath, string? run, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        ChurnModel model = ModelFile.Load(modelPath);
        Registration done = place.Open().Register(new RegistrationRequest(model, ModelCard.Write(model), Path.GetFullPath(modelPath), run));
        place.Mirror(context);
        return new RegistrationReport(Path.GetFullPath(place.Folder), done.Version, done.IsNew);
    }

    /// <summary>Every version and alias; files are hashed.</summary>
    public static RegistryListing List(string folder)
    {
        RegistryState state = RegistryState.Read(folder);
        return new RegistryListing(Path.GetFullPath(folder), [.. state.Versions.Select(version => RowOf(state, version)).OrderByDescending(row => row.RegisteredAt, StringComparer.Ordinal).ThenBy(row => row.Version, StringComparer.Ordinal)], Aliases(state), state.Fault);
    }

    /// <summary>One version in full.</summary>
    public static VersionDetail Show(string folder, string word)
    {
        RegistryState state = RegistryState.Read(folder);
        string version = state.Resolve(word), path = state.ModelPath(word);
        ChurnModel model = ModelFile.Load(path);
        return new VersionDetail(RowOf(state, version), path, state.CardPath(version), state.RecordOf(version)?.Source ?? "", model.Metadata.PlanHash,
            model.Metadata.KnownThrough == 0 ? null : InstantText.Format(model.Metadata.KnownThrough), ModelCard.Write(model));
    }

    /// <summary>Moves an alias back.</summary>
    /// <param name="place">The registry.</param>
    /// <param name="move">Which alias, to which version (null: the one before), and why (null: not said).</param>
    /// <param name="open">Opens the backend that will serve.</param>
    /// <param name="context">For warnings.</param>
    public static MoveReport Rollback(RegistryPlace place, (string Alias, string? To, string? Reason) move, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        MoveOutcome outcome = place.Open().Rollback(move.Alias, move.To, move.Reason, open);
        place.Mirror(context);
        return Describe(place.Folder, outcome);
    }

    /// <summary>What <see cref="Rollback"/> would do; nothing is changed.</summary>
    public static MoveReport PlanRollback(RegistryPlace place, (string Alias, string? To) move, OpenModelBackend open)
    {
        ArgumentNullException.ThrowIfNull(place);
        MoveOutcome outcome = place.Open().PlanRollback(move.Alias, move.To, open);
        return Describe(place.Folder, outcome with { Note = $"would move to {outcome.Version}{(outcome.Note.Length > 0 ? $"; {outcome.Note}" : "")}" });
    }

    /// <summary>What was done, and where each alias stood at an instant.</summary>
    /// <param name="folder">The registry.</param>
    /// <param name="at">Microseconds since 1970 UTC; null: now, and every line.</param>
    /// <param name="alias">Only lines of this alias; null: all.</param>
    public static RegistryHistory History(string folder, long? at, string? alias)
    {
        RegistryState state = RegistryState.Read(folder);
        if (alias is not null)
            AliasName.Require(alias);
        IEnumerable<LogEntry> lines = state.Log.Entries.Where(entry => (at is null || entry.At <= at) && (alias is null || entry.Alias == alias));
        // Where each alias stood is told by the log alone: with lines missing it would be a guess.
        if (at is not null)
            state.RequireWholeLog();
        IReadOnlyList<AliasRow> standing = at is { } instant
            ? [.. AliasName.All.Where(name => alias is null || name == alias).Select(name => (name, stay: state.History.At(name, instant))).Where(pair => pair.stay is not null || pair.name == alias).Select(pair => new AliasRow(pair.name, pair.stay?.Version, pair.stay is null ? null : InstantText.Format(pair.stay.From), null))]
            : [.. Aliases(state).Where(row => alias is null || row.Alias == alias)];
        return new RegistryHistory(Path.GetFullPath(folder), at is null ? null : InstantText.Format(at.Value), standing, [.. lines.Select(RowOf)]);
    }

    /// <summary>In what two versions, or files, differ.</summary>
    /// <param name="folder">The registry.</param>
    /// <param name="first">Alias, version or file.</param>
    /// <param name="second">The other.</param>
    public static DifferenceReport Diff(string folder, string first, string second)
    {
        ChurnModel[] models = [.. new[] { first, second }.Select(word => ModelFile.Load(RegisteredModel.PathOf(word, folder)))];
        return new DifferenceReport([.. models.Select(model => model.Version)], [.. ModelDifference.Of(models[0].Metadata, models[1].Metadata).Select(d => new DifferenceRow(d.Area, d.Name, [d.First, d.Second]))]);
    }

    /// <summary>Looks at every file.</summary>
    public static RegistryVerifyReport Verify(RegistryPlace place, OpenModelBackend open)
    {
        ArgumentNullException.ThrowIfNull(place);
        RegistryVerification found = place.Open().Verify(open);
        return new RegistryVerifyReport(Path.GetFullPath(place.Folder), found.Versions, found.Proved, found.Entries, [.. found.Problems.Select(problem => new ProblemRow(problem.What, problem.Problem, problem.Hint, problem.HealsItself))]);
    }

    /// <summary>Copies the registry into a new folder.</summary>
    public static BackupReport Backup(RegistryPlace place, string to)
    {
        ArgumentNullException.ThrowIfNull(place);
        BackupManifest manifest = place.Open().Backup(to);
        return new BackupReport(Path.GetFullPath(place.Folder), Path.GetFullPath(to), manifest.Files.Count, manifest.Files.Sum(file => file.Bytes), manifest.HeadSha256);
    }

    /// <summary>Brings files back from a backup.</summary>
    public static RestoreReport Restore(RegistryPlace place, string from, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        RestoreOutcome outcome = place.Open().Restore(from);
        place.Mirror(context);
        return new RestoreReport(Path.GetFullPath(place.Folder), outcome.Versions, outcome.LogReplaced, Aliases(RegistryState.Read(place.Folder)));
    }

    internal static MoveReport Describe(string folder, MoveOutcome outcome) => new(Path.GetFullPath(folder), outcome.Alias, outcome.From, outcome.Version, outcome.Moved, outcome.IsRefused, Reports(outcome.Verdicts), outcome.Note);

    internal static IReadOnlyList<GateReport> Reports(IReadOnlyList<GateVerdict>? verdicts) => [.. (verdicts ?? []).Select(verdict => new GateReport(verdict.Gate, verdict.Passed, verdict.Why))];

    private static IReadOnlyList<AliasRow> Aliases(RegistryState state) => [.. state.Aliases.Select(alias => new AliasRow(alias.Alias, alias.Version, alias.Since, alias.Problem))];

    private static VersionRow RowOf(RegistryState state, string version)
    {
        VersionRecord? record = state.RecordOf(version);
        return new VersionRow(version, [.. state.Aliases.Where(alias => alias.Version == version).Select(alias => alias.Alias)], record?.RegisteredAt ?? "", record?.Algorithm ?? "", record?.Metrics ?? new Dictionary<string, double>(), record?.Run, state.FaultOf(version));
    }

    private static HistoryRow RowOf(LogEntry entry) => new(entry.Number, entry.Time, Word(entry.Action), entry.Kind is { } kind ? Word(kind) : null, entry.Alias, entry.Version, entry.From, entry.Reason, entry.Forced, Reports(entry.Gates))
    {
        Decision = entry.Decision is { } decision ? Word(decision) : null,
    };

    internal static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
