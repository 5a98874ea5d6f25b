using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Explain;

/// <summary>What can be said of one feature beside its value.</summary>
/// <param name="Feature">Name, unit, categories.</param>
/// <param name="Subject">Its name in words, without its window.</param>
/// <param name="Window">In words; empty for none.</param>
/// <param name="Usual">Median of the training rows, or the code of their most frequent category; null where nobody kept it.</param>
internal sealed record FeatureWords(FeatureInfo Feature, string Subject, string Window, float? Usual)
{
    /// <summary>True when the subject names the unit, as "days since play" does: then a value needs none.</summary>
    public bool SaysUnit => Feature.Unit.Length > 0 && $" {Subject} ".Contains($" {Feature.Unit} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>The sentence where nobody wrote one: "plays in 30 days: 0, usual is 4".</summary>
    public string DefaultTemplate => $"{{subject}}{(Window.Length > 0 ? " in {window}" : "")}: {{value}}{(Usual is not null && Feature.Kind == FeatureKind.Numeric ? ", usual is {usual}" : "")}";

    /// <summary>Brings together what model and plan say.</summary>
    /// <param name="feature">From the model.</param>
    /// <param name="fact">From the plan; null where there is none.</param>
    /// <param name="distribution">From the training rows; null where nobody kept it.</param>
    public static FeatureWords Of(FeatureInfo feature, FeatureFact? fact, FeatureDistribution? distribution) => new(
        feature, fact?.Subject is { Length: > 0 } subject ? subject : feature.Name.Replace('_', ' '), fact?.Window ?? "", distribution is null ? null : UsualOf(feature, distribution));

    private static float? UsualOf(FeatureInfo feature, FeatureDistribution distribution)
    {
        if (feature.Kind == FeatureKind.Numeric)
            return distribution.Median is { } median ? (float)median : null;
        int best = -1;
        for (int code = 0; code < distribution.Shares.Length; code++)
            best = best < 0 || distribution.Shares[code] > distribution.Shares[best] ? code : best;
        return best < 0 ? null : best;
    }
}
