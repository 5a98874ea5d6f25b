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
            float[] scores = Array.ConvertAll(own, row => probability[row]);
            if (job.Threshold.Equal != ThresholdSettings.EqualForms[0])
            {
                segments.Add(Equal(job.Threshold.Equal, feature.Categories[code], (scores, labels), all));
                continue;
            }
            ThresholdDecision decision = ThresholdChooser.Choose(rule, scores, labels);
            if (!decision.IsKept)
                context.Warn($"threshold of {feature.Name} '{feature.Categories[code]}': {decision.Reason(rule)}");
            segments.Add(new SegmentThreshold(feature.Categories[code], decision.Threshold, own.Length, decision.IsKept, decision.Reason(rule)));
        }
        return (all.Threshold, record with { Feature = feature.Name, Segments = segments });
    }

    // The cut that finds, or flags, the same share of a segment as of all rows: that many of its positives, or of its rows, from the highest probability down.
    private static SegmentThreshold Equal(string what, string category, (float[] Scores, float[] Labels) rows, ThresholdDecision all)
    {
        bool isOpportunity = what == "opportunity";
        float[] ranked = isOpportunity ? [.. rows.Scores.Where((_, row) => rows.Labels[row] == 1)] : rows.Scores;
        double share = isOpportunity ? all.Recall : (double)all.Flagged / all.Rows;
        int wanted = Math.Max(1, (int)Math.Round(share * ranked.Length));
        float[] ones = new float[ranked.Length];
        Array.Fill(ones, 1);
        ThresholdDecision cut = ThresholdChooser.Choose(new ThresholdRule.ByCapacity(wanted), ranked, ones);
        var cells = Confusion.At(rows.Scores, rows.Labels, cut.Threshold);
        return new SegmentThreshold(category, cut.Threshold, rows.Labels.Length, cut.IsKept, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"equal {what}, {share:0.####} as of all rows: flags {cells.TruePositives + cells.FalsePositives:N0} of {rows.Labels.Length:N0} with precision {cells.Precision:0.####} and recall {cells.Recall:0.####}"));
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
