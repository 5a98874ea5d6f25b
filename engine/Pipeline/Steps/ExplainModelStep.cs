using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>What the splits on one feature did in training.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Gain">Sum of the gains of its splits, 0 and up.</param>
/// <param name="GainShare">The same as a share of all features' gain, 0..1.</param>
/// <param name="Splits">Splits on it.</param>
public sealed record ImportanceRow(string Feature, double Gain, double GainShare, long Splits);

/// <summary>What a model has learnt, as its file says.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Algorithm">What trained it, by the name that churn.yaml has for it; empty of a file that does not say.</param>
/// <param name="Features">Features it reads.</param>
/// <param name="Importance">Of a sum of trees: every feature, the greatest gain first.</param>
/// <param name="Coefficients">Of a linear model: the intercept, then by absolute log-odds for one standard deviation, the largest first.</param>
public sealed record ModelExplanation(string Version, string Algorithm, int Features, IReadOnlyList<ImportanceRow> Importance, IReadOnlyList<ModelCoefficient> Coefficients);

/// <summary>Says what a model has learnt, without data.</summary>
public static class ExplainModelStep
{
    /// <summary>Reads a model file.</summary>
    /// <remarks>Errors: those of loading a model.</remarks>
    public static ModelExplanation Run(string path) => Of(ModelFile.Load(path));

    /// <summary>Explains a model that is open.</summary>
    public static ModelExplanation Of(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelMetadata metadata = model.Metadata;
        double total = metadata.Importance.Sum(feature => feature.Gain);
        IEnumerable<ImportanceRow> importance = metadata.Importance.Zip(metadata.Features, (did, feature) => new ImportanceRow(feature.Name, did.Gain, total > 0 ? did.Gain / total : 0, did.Splits));
        return new ModelExplanation(
            model.Version,
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(metadata.TrainerOptions.GetValueOrDefault("Algorithm", "")),
            metadata.Features.Count,
            [.. importance.OrderByDescending(row => row.Gain).ThenBy(row => row.Feature, StringComparer.Ordinal)],
            [.. metadata.Coefficients.Take(1), .. metadata.Coefficients.Skip(1).OrderByDescending(c => Math.Abs(c.PerDeviation)).ThenBy(c => c.Feature, StringComparer.Ordinal)]);
    }
}
