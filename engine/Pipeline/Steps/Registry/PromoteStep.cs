using ChurnEngine.Models;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>What to promote.</summary>
/// <param name="Version">A version or an alias: `staging` is that of staging.</param>
/// <param name="Alias">The alias that moves.</param>
public sealed record PromoteRequest(string Version, string Alias)
{
    /// <summary>Snapshot to compare with the champion on, microseconds since 1970 UTC; null: the latest whose labels are complete.</summary>
    public long? AsOf { get; init; }

    /// <summary>Why it shall pass in spite of a gate; null: a gate that says no stops it.</summary>
    public string? Force { get; init; }

    /// <summary>Judge, and change nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Moves an alias to a version that passes the project's gates.</summary>
public static class PromoteStep
{
    /// <summary>Judges by every gate, and moves the alias when none says no. A refusal is no error but said in the report, and in the log.</summary>
    /// <param name="place">The registry.</param>
    /// <param name="project">Gates and data; null: no gate but the golden rows.</param>
    /// <param name="request">What is to move.</param>
    /// <param name="open">Opens the backend that will serve.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: those of the registry; those of reading the project's data, where a gate asks for them.</remarks>
    public static MoveReport Run(RegistryPlace place, ProjectConfig? project, PromoteRequest request, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(request);
        AliasName.Require(request.Alias);
        RegistryState state = RegistryState.Read(place.Folder);
        string version = state.Resolve(request.Version);
        GateOptions gates = project?.Registry.GatesOf(request.Alias) ?? new GateOptions();
        using var candidate = ServedModel.Open(new ModelChoice(state.ModelPath(version), open));
        string? champion = gates.BetterThanChampion ? state.Champion : null;
        ChampionComparison? comparison = champion is null || champion == version ? null : Compare(state, champion, candidate, project, request, open, context);
        var evidence = new GateEvidence(candidate.Model, comparison);
        IReadOnlyList<GateVerdict> verdicts = context.Stages.Time("gates", () => gates.Gates.Select(gate => gate.Check(evidence)).ToArray(), judged => judged.Length);
        if (request.DryRun)
        {
            verdicts = [new ProofGate(open).Check(evidence), .. verdicts];
            bool refused = verdicts.Any(verdict => !verdict.Passed);
            return new MoveReport(Path.GetFullPath(place.Folder), request.Alias, state.VersionOf(request.Alias), version, false, refused, RegistryStep.Reports(verdicts), refused ? "would be refused" : "would move");
        }
        MoveOutcome outcome = place.Open().Promote(new PromotionRequest(request.Alias, version, open)
        {
            Verdicts = verdicts,
            ComparedWith = gates.BetterThanChampion ? champion ?? "" : null,
            Force = request.Force,
        });
        place.Mirror(context);
        return RegistryStep.Describe(place.Folder, outcome);
    }

    // A champion whose file is lost cannot be beaten by numbers; that must not keep a good model out for ever, so --force is the way.
    private static ChampionComparison Compare(RegistryState state, string champion, ServedModel candidate, ProjectConfig? project, PromoteRequest request, OpenModelBackend open, StepContext context)
    {
        try
        {
            using var served = ServedModel.Open(new ModelChoice(state.ModelPath(champion), open));
            return ChampionRows.Compare(project, request.AsOf, candidate, served, context);
        }
        catch (Columns.ChurnModelException damaged)
        {
            return new ChampionComparison { Champion = champion, Obstacle = damaged.Describe() };
        }
    }
}
