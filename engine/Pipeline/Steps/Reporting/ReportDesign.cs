using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>The design of the numbers of a report: they mean nothing without.</summary>
internal static class ReportDesign
{
    private const long DayMicros = 86_400_000_000;

    /// <summary>Says as-of, label, split and model, by name.</summary>
    /// <param name="served">The model and its backend.</param>
    /// <param name="label">What is predicted.</param>
    /// <param name="scores">The rows that were measured.</param>
    public static IReadOnlyList<ReportFact> Of(ServedModel served, LabelRule label, LabelledScores scores)
    {
        ModelMetadata metadata = served.Model.Metadata;
        long positives = scores.Labels.Count(value => value == 1);
        bool isTable = served.Plan.IsTimeless;
        List<ReportFact> facts =
        [
            new("measured on", isTable ? scores.Design : $"customers at risk as of {InstantText.Format(scores.AsOf)}"),
            new("rows", string.Create(CultureInfo.InvariantCulture, $"{scores.Labels.Length:N0} customers, {positives:N0} of them left ({(double)positives / scores.Labels.Length:P1})")),
        ];
        if (isTable)
        {
            facts.Add(new("label", $"column {label.Column}; the table has no time, so the numbers say nothing of the future"));
        }
        else
        {
            facts.Add(new("label", LabelInWords(label)));
            facts.Add(new("gap and horizon", $"{(label.HorizonMicros > 0 ? Days(label.HorizonMicros) : "one calendar period")} from {(label.GapMicros == 0 ? "the as-of date" : $"{Days(label.GapMicros)} after the as-of date")} on"));
            facts.Add(new("split", Split(metadata, scores.AsOf)));
        }
        facts.Add(new("trained on", string.Create(CultureInfo.InvariantCulture, $"{metadata.TrainingRows:N0} rows, {metadata.TrainingPositiveRate:P1} of them left")));
        facts.Add(new("model", string.Create(CultureInfo.InvariantCulture, $"{(scores.Learnt.Algorithm.Length > 0 ? scores.Learnt.Algorithm : "model")} over {metadata.Features.Count} features, version {served.Model.Version}, run by backend {served.Backend.Name}")));
        return facts;
    }

    private static string Split(ModelMetadata metadata, long asOf)
    {
        if (metadata.TrainingAsOf.Count == 0)
            return "the model does not say which snapshots it was trained on";
        string trained = $"trained on {metadata.TrainingAsOf.Count} snapshots as of {InstantText.Format(metadata.TrainingAsOf[0])} to {InstantText.Format(metadata.TrainingAsOf[^1])}";
        return metadata.TrainingAsOf.Contains(asOf) ? $"{trained}: this one among them, which flatters the model"
            : asOf > metadata.TrainingAsOf[^1] ? $"by time: {trained}; stopped and calibrated on later ones each, measured on this one"
            : $"{trained}: this one is earlier, so the model has seen what came after it";
    }

    private static string LabelInWords(LabelRule label)
    {
        List<string> parts = [];
        if (label.Kinds.Count > 0)
            parts.Add($"{string.Join(" or ", label.Kinds)} in table {label.Table}");
        if (label.InactiveMicros > 0)
            parts.Add($"{Days(label.InactiveMicros)} without activity");
        return parts.Count == 0 ? $"by {label.Table}" : string.Join(", or ", parts);
    }

    private static string Days(long micros) => micros % DayMicros == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{micros / DayMicros} days")
        : string.Create(CultureInfo.InvariantCulture, $"{micros / (DayMicros / 24.0):0.##} hours");
}
