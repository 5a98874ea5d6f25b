using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>Something in a registry that is not as it should be.</summary>
/// <param name="What">The file, the version or the alias.</param>
/// <param name="Problem">In words.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="HealsItself">True when the next change puts it right.</param>
public sealed record RegistryProblem(string What, string Problem, string Hint, bool HealsItself);

/// <summary>What looking at every file of a registry found.</summary>
/// <param name="Versions">Versions looked at.</param>
/// <param name="Proved">Of these, models whose seal is whole and whose golden rows reproduced.</param>
/// <param name="Entries">Lines of the audit log whose chain was walked.</param>
/// <param name="Problems">What is wrong; empty when nothing is.</param>
public sealed record RegistryVerification(int Versions, int Proved, int Entries, IReadOnlyList<RegistryProblem> Problems);

/// <summary>Looks at every file of a registry and changes none.</summary>
public static class RegistryCheck
{
    private const string NextChange = "the next change of the registry puts it right";

    /// <summary>Walks the chain of the log, hashes every file, loads every model and lets it prove itself.</summary>
    /// <param name="registry">The registry. It is locked meanwhile, where this user may write there.</param>
    /// <param name="open">Opens the backend that serves.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8101 when there is none; <see cref="ChurnTransientException"/> CE8102.</remarks>
    public static RegistryVerification Verify(this ModelRegistry registry, OpenModelBackend open)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(open);
        // What another process is halfway through would look like damage.
        using FolderLock? held = TryLock(registry);
        RegistryState state = registry.Read();
        List<RegistryProblem> problems = [.. LogProblems(state)];
        int proved = 0;
        Dictionary<string, string> faults = [];
        foreach (string version in state.Versions.Union(state.Aliases.Where(alias => alias.Version is not null).Select(alias => alias.Version!)).Union(Registered(state)))
        {
            if ((VersionStore.Fault(registry.Folder, version) ?? ProofFault(registry.Folder, version, open)) is { } fault)
                faults.Add(version, fault);
            else
                proved++;
        }
        foreach ((string version, string fault) in faults)
        {
            string[] standing = [.. state.Aliases.Where(alias => alias.Version == version).Select(alias => alias.Alias)];
            string what = standing.Length == 0 ? version : $"{version} ({string.Join(", ", standing)})";
            problems.Add(new RegistryProblem(what, fault, state.Remedy(standing.FirstOrDefault(alias => alias == AliasName.Production) ?? standing.FirstOrDefault()), false));
        }
        problems.AddRange(state.Aliases.Where(alias => alias.Problem is not null).Select(alias =>
            new RegistryProblem(alias.Alias, alias.Problem!, alias.Version is null || state.Fault is not null ? "bring it back with `churn models restore --from BACKUP`" : $"it serves {alias.Version} by the audit log; {NextChange}", state.Fault is null)));
        return new RegistryVerification(state.Versions.Count, proved, state.Log.Entries.Count, problems);
    }

    private static IEnumerable<RegistryProblem> LogProblems(RegistryState state)
    {
        if (state.Fault is { } fault)
            yield return new RegistryProblem(AuditLog.FileName, fault, "aliases serve on as they are; bring it back with `churn models restore --from BACKUP`", false);
        foreach (string untidy in state.Log.Untidy)
            yield return new RegistryProblem(AuditLog.FileName, untidy, NextChange, true);
        if (state.Fault is null && state.History.Pending is { } pending)
            yield return new RegistryProblem(AuditLog.FileName, $"line {pending.Number} began to move {pending.Alias} to {pending.Version} and was interrupted", NextChange, true);
    }

    private static IEnumerable<string> Registered(RegistryState state) => state.Log.Entries.Where(entry => entry.Action == LogAction.Registered).Select(entry => entry.Version!);

    private static string? ProofFault(string folder, string version, OpenModelBackend open)
    {
        try
        {
            GateVerdict verdict = new ProofGate(open).Check(new GateEvidence(ModelFile.Load(VersionStore.ModelPath(folder, version)), null));
            return verdict.Passed ? null : verdict.Why;
        }
        catch (ChurnModelException fault)
        {
            return fault.Describe();
        }
    }

    private static FolderLock? TryLock(ModelRegistry registry)
    {
        if (!RegistryState.IsThere(registry.Folder))
            throw RegistryErrors.NoRegistry(registry.Folder);
        try
        {
            return registry.TakeLock() ?? throw RegistryErrors.InUse(registry.Folder);
        }
        catch (Exception readOnly) when (readOnly is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
