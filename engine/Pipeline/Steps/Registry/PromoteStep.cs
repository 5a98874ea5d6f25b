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

    /// <summary>Compare with the champion whether or not the project's gates do: nobody looks at a promotion that a job makes by itself.</summary>
    public bool RequireBetter { get; init; }

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
        if (!request.DryRun)
            place.Open().FinishMove();
        RegistryState state = RegistryState.Read(place.Folder);
        string version = state.Resolve(request.Version);
        GateOptions gates = project?.Registry.GatesOf(request.Alias) ?? new GateOptions();
        if (request.RequireBetter)
            gates = gates with { BetterThanChampion = true };
        string path = state.ModelPath(version);
        string? champion = gates.BetterThanChampion ? state.Champion : null;
        ChampionComparison? comparison = champion is null || champion == version ? null : Compare((path, state.ModelPath, champion), project, request, open, context);
        var evidence = new GateEvidence(ModelFile.Load(path), comparison);
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

    // A champion whose file is lost cannot be beaten by numbers, nor a candidate that does not prove itself measured: the gate says so, and the golden rows speak for themselves.
    private static ChampionComparison Compare((string Candidate, Func<string, string> PathOf, string Champion) models, ProjectConfig? project, PromoteRequest request, OpenModelBackend open, StepContext context)
    {
        try
        {
            using var candidate = ServedModel.Open(new ModelChoice(models.Candidate, open));
            using var champion = ServedModel.Open(new ModelChoice(models.PathOf(models.Champion), open));
            return ChampionRows.Compare(project, request.AsOf, candidate, champion, context);
        }
        catch (Columns.ChurnModelException fault)
        {
            return new ChampionComparison { Champion = models.Champion, Obstacle = fault.Describe() };
        }
    }
}
