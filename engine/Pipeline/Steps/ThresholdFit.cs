using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>Chooses the threshold of a model, and those of its segments, on the rows that calibrate.</summary>
internal static class ThresholdFit
{
    // A threshold of fewer rows, or of fewer churners among them, would be chance.
    private const int LeastRows = 100, LeastPositives = 10;

    /// <summary>Chooses.</summary>
    /// <param name="probability">[N] calibrated.</param>
    /// <param name="rows">Their labels and segments.</param>
    /// <param name="job">Rule, and the feature with its categories.</param>
    /// <param name="context">Is told of a rule that no threshold keeps.</param>
    public static (double Threshold, ThresholdRecord Rule) Run(float[] probability, CalibrationRows rows, ModelJob job, StepContext context)
    {
        ThresholdRule rule = job.Threshold.Rule;
        ThresholdDecision all = ThresholdChooser.Choose(rule, probability, rows.Labels);
        if (!all.IsKept)
            context.Warn($"threshold: {all.Reason(rule)}");
        var record = new ThresholdRecord { Rule = rule.InWords, Reason = all.Reason(rule), IsKept = all.IsKept };
        if (job.SegmentFeature is not { } feature)
            return (all.Threshold, record);
        var segments = new List<SegmentThreshold>();
        for (int code = 0; code < feature.Categories.Count; code++)
        {
            int[] own = [.. Enumerable.Range(0, probability.Length).Where(row => rows.Segments[row] == code)];
            float[] labels = Array.ConvertAll(own, row => rows.Labels[row]);
            int positives = labels.Count(label => label == 1);
            if (own.Length < LeastRows || rule.NeedsLabels && positives < LeastPositives)
            {
                context.Warn($"threshold: {feature.Name} '{feature.Categories[code]}' has {own.Length:N0} rows and {positives:N0} churners to choose by, too few: the one of all rows stands for it");
                continue;
            }
            ThresholdDecision decision = ThresholdChooser.Choose(rule, Array.ConvertAll(own, row => probability[row]), labels);
            if (!decision.IsKept)
                context.Warn($"threshold of {feature.Name} '{feature.Categories[code]}': {decision.Reason(rule)}");
            segments.Add(new SegmentThreshold(feature.Categories[code], decision.Threshold, own.Length, decision.IsKept, decision.Reason(rule)));
        }
        return (all.Threshold, record with { Feature = feature.Name, Segments = segments });
    }

    /// <summary>The threshold of each row of a matrix.</summary>
    /// <param name="metadata">Threshold and rule.</param>
    /// <param name="matrix">[N, F] rows.</param>
    public static float[] CutsOf(ModelMetadata metadata, FeatureMatrix matrix)
    {
        var rule = new FlagRule(metadata);
        float[] cuts = new float[checked((int)matrix.RowCount)];
        for (int row = 0; row < cuts.Length; row++)
            cuts[row] = rule.Of(matrix.Row(row));
        return cuts;
    }

    /// <summary>[N] codes of the feature that segments are of; empty for one threshold.</summary>
    public static float[] SegmentsOf(FeatureMatrix matrix, ModelJob job)
    {
        if (job.SegmentFeature is not { } feature)
            return [];
        int index = Array.FindIndex([.. matrix.Features], column => column.Name == feature.Name);
        float[] codes = new float[checked((int)matrix.RowCount)];
        for (int row = 0; row < codes.Length; row++)
            codes[row] = matrix.Row(row)[index];
        return codes;
    }
}
