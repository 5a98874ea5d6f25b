using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>A wish to move an alias forward.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">The version that it shall stand on.</param>
/// <param name="Open">Opens the backend that will serve it.</param>
public sealed record PromotionRequest(string Alias, string Version, OpenModelBackend Open)
{
    /// <summary>What the gates said.</summary>
    public IReadOnlyList<GateVerdict> Verdicts { get; init; } = [];

    /// <summary>The champion that they compared with; null when none did, empty when there was none.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Why it shall pass in spite of a gate; null: a gate that says no stops it.</summary>
    public string? Force { get; init; }
}

/// <summary>What became of a wish to move an alias.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="From">Where it stood; null: nowhere.</param>
/// <param name="Version">The version that it was to stand on.</param>
/// <param name="Moved">Whether it stands there now because of this.</param>
/// <param name="Verdicts">What the gates said.</param>
/// <param name="Note">What else is to be said; empty when nothing is.</param>
public sealed record MoveOutcome(string Alias, string? From, string Version, bool Moved, IReadOnlyList<GateVerdict> Verdicts, string Note)
{
    /// <summary>True when a gate stood in the way.</summary>
    public bool IsRefused => !Moved && Verdicts.Any(verdict => !verdict.Passed);
}

/// <summary>Moves aliases: forward through gates, and back.</summary>
public static class Promotion
{
    /// <summary>Moves an alias to a version that is whole, proves itself in the backend, and passed its gates. What was refused stands in the log too.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="request">What is to move, and what the gates said.</param>
    /// <remarks>Errors: those of a change; <see cref="ChurnConfigException"/> CE8105 for a version that is not there, CE8108 for an alias that none is;
    /// <see cref="ChurnModelException"/> CE8106 for a damaged one; <see cref="ChurnTransientException"/> CE8107 when the champion is no longer the one it was compared with.</remarks>
    public static MoveOutcome Promote(this ModelRegistry registry, PromotionRequest request)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(request);
        AliasName.Require(request.Alias);
        return registry.Change(mayMake: false, log =>
        {
            RegistryState state = registry.Read();
            string version = state.Resolve(request.Version);
            if (VersionStore.Fault(registry.Folder, version) is { } fault)
                throw RegistryErrors.VersionDamaged(registry.Folder, version, fault, "bring it back with `churn models restore --from BACKUP`, or register the same file again");
            if (request.ComparedWith is { } compared && compared != (state.Champion ?? ""))
                throw RegistryErrors.ChampionChanged(compared, state.Champion);
            string? from = state.VersionOf(request.Alias);
            if (from == version)
                return new MoveOutcome(request.Alias, from, version, false, [], $"{request.Alias} stands on {version} already");
            GateVerdict proof = Prove(registry, version, request.Open);
            IReadOnlyList<GateVerdict> verdicts = [proof, .. request.Verdicts];
            bool isForced = request.Force is not null && request.Verdicts.Any(verdict => !verdict.Passed);
            var entry = new LogEntry
            {
                Action = LogAction.Intended,
                Kind = MoveKind.Promotion,
                Alias = request.Alias,
                Version = version,
                From = from,
                Reason = request.Force,
                Forced = isForced,
                Gates = verdicts,
            };
            if (!proof.Passed || (request.Force is null && verdicts.Any(verdict => !verdict.Passed)))
            {
                log.Append(registry.Folder, entry with { Action = LogAction.Refused, Forced = false }, registry.Now);
                return new MoveOutcome(request.Alias, from, version, false, verdicts, proof.Passed ? "" : "no reason overrules golden rows that do not reproduce");
            }
            registry.Move(log, entry);
            return new MoveOutcome(request.Alias, from, version, true, verdicts, isForced ? $"forced past a gate: {request.Force}" : "");
        });
    }

    /// <summary>Moves an alias back to the version before, the latest one that is whole and proves itself; no gate is asked.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="to">A version that it stood on before; null: the latest.</param>
    /// <param name="reason">Why, for the log; null: not said.</param>
    /// <param name="open">Opens the backend that will serve it.</param>
    /// <remarks>Errors: those of a change; <see cref="ChurnConfigException"/> CE8110 when there is no such version.</remarks>
    public static MoveOutcome Rollback(this ModelRegistry registry, string alias, string? to, string? reason, OpenModelBackend open)
    {
        ArgumentNullException.ThrowIfNull(registry);
        AliasName.Require(alias);
        return registry.Change(mayMake: false, log =>
        {
            RegistryState state = registry.Read();
            string? from = state.VersionOf(alias);
            // The same command after a kill: one step back was asked for, and not two.
            if (log.Finished is { Kind: MoveKind.Rollback } done && done.Alias == alias)
                return new MoveOutcome(alias, done.From, done.Version!, true, done.Gates ?? [], "this finished a rollback that was interrupted");
            MoveOutcome back = Back(registry, state, (alias, to), open);
            registry.Move(log, new LogEntry
            {
                Action = LogAction.Intended,
                Kind = MoveKind.Rollback,
                Alias = alias,
                Version = back.Version,
                From = from,
                Reason = reason,
                Gates = back.Verdicts,
            });
            return back with { Moved = true };
        });
    }

    /// <summary>Where <see cref="Rollback"/> would move an alias; nothing is changed.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="to">A version that it stood on before; null: the latest.</param>
    /// <param name="open">Opens the backend that would serve it.</param>
    /// <remarks>Errors: those of reading; <see cref="ChurnConfigException"/> CE8110 when there is no such version.</remarks>
    public static MoveOutcome PlanRollback(this ModelRegistry registry, string alias, string? to, OpenModelBackend open)
    {
        ArgumentNullException.ThrowIfNull(registry);
        AliasName.Require(alias);
        return Back(registry, registry.Read(), (alias, to), open);
    }

    private static MoveOutcome Back(ModelRegistry registry, RegistryState state, (string Alias, string? To) move, OpenModelBackend open)
    {
        string? from = state.VersionOf(move.Alias);
        List<string> passedOver = [];
        foreach (string version in state.History.Behind(move.Alias).Where(version => version != from && (move.To is null || version == state.Resolve(move.To))).Distinct())
        {
            string? fault = VersionStore.Fault(registry.Folder, version);
            GateVerdict? proof = fault is null ? Prove(registry, version, open) : null;
            if (proof is { Passed: true })
                return new MoveOutcome(move.Alias, from, version, false, [proof], passedOver.Count == 0 ? "" : $"passed over {string.Join("; ", passedOver)}");
            passedOver.Add($"{version}: {fault ?? proof!.Why}");
        }
        throw RegistryErrors.NothingToRollBackTo(move.Alias, from, passedOver.Count > 0 ? string.Join("; ", passedOver) : move.To is null ? "it never stood on another one that it could go back to" : $"it never stood on {move.To} before");
    }

    private static GateVerdict Prove(ModelRegistry registry, string version, OpenModelBackend open)
    {
        try
        {
            ChurnModel model = ModelFile.Load(VersionStore.ModelPath(registry.Folder, version));
            return new ProofGate(open).Check(new GateEvidence(model, null));
        }
        catch (ChurnModelException fault)
        {
            return new GateVerdict(ProofGate.GateName, false, fault.Describe());
        }
    }
}
