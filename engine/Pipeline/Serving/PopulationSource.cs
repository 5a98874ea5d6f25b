using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What features that compare a customer with all others take: the population of the project's data at its scoring date, read when a model first asks for it, and followed as jobs leave newer ones.</summary>
/// <param name="project">The project; null: there is none, and such models read no events.</param>
/// <param name="context">Budget, warnings.</param>
public sealed class PopulationSource(ProjectConfig? project, StepContext context)
{
    private readonly Lock _lock = new();
    private (string Plan, string Stamp, PopulationReference Reference)? _known;

    /// <summary>Changes when a job has left another population of the project than was there.</summary>
    internal string Stamp => project is { Plan: { NeedsPopulation: true, IsTimeless: false } } ? PopulationMemory.StampOf(UserCache.Folder, project.File) : "";

    /// <summary>The population under a model's plan; null when none of its features needs it.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1213 when it cannot be known; what reading the tables throws.</remarks>
    internal PopulationReference? For(FeaturePlan plan, string version)
    {
        if (!plan.NeedsPopulation || plan.IsTimeless)
            return null;
        if (project is null)
            throw ServingErrors.PopulationUnknown(version, "there is no project whose data could be read");
        if (project.Plan.Hash != plan.Hash)
            throw ServingErrors.PopulationUnknown(version, $"{project.File} has another plan");
        FeaturePlan own = project.Plan.WithCategoriesOf(plan);
        lock (_lock)
        {
            // A service does not read tables again beside its requests: it takes what a job has left, or goes on with what it has.
            PopulationReference reference = _known is not { } known || known.Plan != plan.Hash ? Find(project, own)
                : known.Stamp == Stamp ? known.Reference
                : PopulationMemory.ReadNewest(UserCache.Folder, project.File, own) ?? known.Reference;
            _known = (plan.Hash, Stamp, reference);
            return reference;
        }
    }

    /// <summary>Where a job that reads the tables of a project leaves their population, for the service; asked before they are read, since a file that changes meanwhile is another one.</summary>
    /// <returns>Null when the plan compares nobody.</returns>
    internal static PopulationMemory? MemoryOf(ProjectConfig? project, FeaturePlan plan, IngestSession session) =>
        project is null || !plan.NeedsPopulation || plan.IsTimeless ? null
            : new PopulationMemory(UserCache.Folder, project.File, FormattableString.Invariant($"{GroupedFolder.IdentityOf(plan, session)} {project.Score.AsOf}"));

    private PopulationReference Find(ProjectConfig project, FeaturePlan plan)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        PopulationMemory memory = MemoryOf(project, plan, session)!;
        if (memory.Read(plan) is { } known)
            return known;
        using CustomerData data = DataLoad.Run(plan, session, context);
        return memory.Leave(new Featurizer(plan, data), project.Score.AsOf, context);
    }
}
