using ChurnEngine.Audit;
using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>How the features of a model are told: by the project's rules, the plan's words, and what was usual among the training rows.</summary>
internal static class ModelReasons
{
    /// <summary>Compiles the rules for a model.</summary>
    /// <param name="metadata">Features and distributions.</param>
    /// <param name="plan">The plan inside the model.</param>
    /// <param name="settings">The project's, or the defaults.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6201 to CE6204.</remarks>
    public static ReasonBook BookOf(ModelMetadata metadata, FeaturePlan plan, ReasonSettings settings) => Compile(metadata.Features, FeatureFact.Of(plan), metadata.Distributions, settings);

    /// <summary>Refuses rules that do not fit a plan, before any data is read.</summary>
    public static void Check(FeaturePlan plan, ReasonSettings settings) => _ = Compile(plan.Features, FeatureFact.Of(plan), [], settings);

    private static ReasonBook Compile(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureFact> facts, IReadOnlyList<FeatureDistribution> distributions, ReasonSettings settings)
    {
        facts = facts.Count == features.Count ? facts : [];
        return new ReasonBook(features, facts, distributions, settings.HasSensitive ? settings.Rules : settings.Rules with { Sensitive = Protected(features, facts) });
    }

    // Nobody who has to be talked to wants to hear that it is their age; who wants it told says `sensitive: []`.
    private static string[] Protected(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureFact> facts) => [.. PersonalDataCheck.Run(features, facts, []).Select(finding => finding.Feature)];
}
