using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What features that compare a customer with all others take: the population of the project's data at its scoring date, read when a model first asks for it.</summary>
/// <param name="project">The project; null: there is none, and such models read no events.</param>
/// <param name="context">Budget, warnings.</param>
public sealed class PopulationSource(ProjectConfig? project, StepContext context)
{
    private readonly Lock _lock = new();
    private (string Plan, PopulationReference Reference)? _known;

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
        lock (_lock)
        {
            if (_known is { } known && known.Plan == plan.Hash)
                return known.Reference;
            PopulationReference reference = Find(project, project.Plan.WithCategoriesOf(plan));
            _known = (plan.Hash, reference);
            return reference;
        }
    }

    private PopulationReference Find(ProjectConfig project, FeaturePlan plan)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        var memory = new PopulationMemory(UserCache.Folder, project.File, FormattableString.Invariant($"{GroupedFolder.IdentityOf(plan, session)} {project.Score.AsOf}"));
        if (memory.Read(plan) is { } known)
            return known;
        using CustomerData data = DataLoad.Run(plan, session, context);
        PopulationReference reference = context.Stages.Time("population", () => new Featurizer(plan, data).ReferenceAt(DataLoad.AsOf(data, project.Score.AsOf, context)), _ => 1);
        memory.Keep(reference);
        return reference;
    }
}
