using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>One thing in which two models differ.</summary>
/// <param name="Area">training, options, features, metrics, decision or plan.</param>
/// <param name="Name">What.</param>
/// <param name="First">Of the first model; empty where it has none.</param>
/// <param name="Second">Of the second.</param>
public sealed record Difference(string Area, string Name, string First, string Second);

/// <summary>Says in what two models differ, by what their files say of themselves.</summary>
public static class ModelDifference
{
    /// <summary>Every difference, by area; empty when the two say the same.</summary>
    public static IReadOnlyList<Difference> Of(ModelMetadata first, ModelMetadata second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return [.. Training(first).Zip(Training(second), (a, b) => new Difference(a.Area, a.Name, a.Value, b.Value)).Where(Differs), .. Options(first, second), .. Features(first, second), .. Metrics(first, second)];
    }

    private static bool Differs(Difference difference) => difference.First != difference.Second;

    private static IEnumerable<(string Area, string Name, string Value)> Training(ModelMetadata model) =>
    [
        ("plan", "hash", model.PlanHash.Length > 12 ? model.PlanHash[..12] : model.PlanHash),
        ("training", "engine", model.EngineVersion),
        ("training", "snapshots", string.Join(", ", model.TrainingAsOf.Select(InstantText.Format))),
        ("training", "known through", model.KnownThrough == 0 ? "" : InstantText.Format(model.KnownThrough)),
        ("training", "rows", model.TrainingRows.ToString(CultureInfo.InvariantCulture)),
        ("training", "positive rate", Number(model.TrainingPositiveRate)),
        ("decision", "threshold", Number(model.Threshold)),
        ("decision", "calibration", model.CalibrationMethod),
    ];

    private static IEnumerable<Difference> Options(ModelMetadata first, ModelMetadata second) => first.TrainerOptions.Keys.Union(second.TrainerOptions.Keys).Order(StringComparer.Ordinal)
        .Select(name => new Difference("options", name, first.TrainerOptions.GetValueOrDefault(name, ""), second.TrainerOptions.GetValueOrDefault(name, ""))).Where(Differs);

    private static IEnumerable<Difference> Features(ModelMetadata first, ModelMetadata second) => first.Features.Select(feature => feature.Name).Union(second.Features.Select(feature => feature.Name))
        .Select(name => new Difference("features", name, Describe(first, name), Describe(second, name))).Where(Differs);

    private static IEnumerable<Difference> Metrics(ModelMetadata first, ModelMetadata second) => first.Metrics.Keys.Union(second.Metrics.Keys).Order(StringComparer.Ordinal)
        .Select(name => new Difference("metrics", name, Metric(first, name), Metric(second, name))).Where(Differs);

    private static string Describe(ModelMetadata model, string name) => model.Features.FirstOrDefault(feature => feature.Name == name) is { } feature
        ? feature.Categories.Count > 0 ? $"{feature.Categories.Count} categories" : feature.Unit.Length > 0 ? feature.Unit : "number"
        : "";

    private static string Metric(ModelMetadata model, string name) => model.Metrics.TryGetValue(name, out double value) ? Number(value) : "";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
