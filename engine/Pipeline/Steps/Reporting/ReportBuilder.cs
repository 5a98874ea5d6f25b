using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>Brings together what a report says of one model on labelled rows.</summary>
internal sealed class ReportBuilder(ChurnModel model, ReportRequest request, StepContext context)
{
    private const int MostBars = 15;

    /// <summary>Refuses what cannot be reported, before data is read.</summary>
    /// <remarks>Errors: CE1156 for a model of a value, CE1160 for a segment that is no feature; those of the condition.</remarks>
    public void Check()
    {
        if (model.Metadata.Task == ModelTask.Regression)
            throw PipelineErrors.ReportOfAValue(model.Version);
        if (request.Segment is { } segment && model.Metadata.Features.All(feature => feature.Name != segment))
            throw PipelineErrors.NoSegmentFeature(segment, model.Metadata.Features.Select(feature => feature.Name));
        if (request.Baseline is { } rule)
            _ = RowFilter.Parse(rule, "--baseline", model.Metadata.Features, []);
    }

    /// <summary>Measures, compares and resamples.</summary>
    /// <param name="matrix">[N, F] rows.</param>
    /// <param name="scores">What the model said of them.</param>
    /// <param name="design">How they came about.</param>
    /// <param name="previous">What another model said of the same rows; null for none.</param>
    public EvaluationData Build(FeatureMatrix matrix, LabelledScores scores, IReadOnlyList<ReportFact> design, LabelledScores? previous)
    {
        if (scores.Labels.Distinct().Count() < 2)
            throw PipelineErrors.ReportOfOneClass(scores.Labels.Length);
        if (previous is not null && (!previous.Labels.AsSpan().SequenceEqual(scores.Labels) || !previous.Keys.AsSpan().SequenceEqual(scores.Keys)))
            throw PipelineErrors.ComparedOnOtherRows(previous.ModelVersion, previous.Labels.Length, scores.Labels.Length);
        ModelMetadata metadata = model.Metadata;
        IReadOnlyDictionary<string, double> metrics = scores.Measure(scores.Predicted);
        (string name, float[] ranks, bool isRule) = Baseline(matrix, scores.Labels);
        List<Rival> rivals = [new("this model", "model", scores.ModelVersion, scores.Predicted, scores.Cuts, metrics, IsModel: true)];
        if (previous is not null)
            rivals.Add(new("previous model", "previous", previous.ModelVersion, previous.Predicted, previous.Cuts, previous.Measure(previous.Predicted), IsModel: true));
        rivals.Add(RuleRival(name, ranks, isRule, scores.Labels));
        var intervals = request.Resamples == 0 ? null : context.Stages.Time("bootstrap", () =>
            BootstrapIntervals.Measure([.. rivals.Select(rival => new BootstrapModel(rival.Scores, rival.Cuts))], scores.Labels, new BootstrapOptions { Resamples = request.Resamples, Seed = request.Seed, Threads = context.Budget.Threads }, context.Cancellation), _ => request.Resamples);
        return new EvaluationData
        {
            Model = metadata.ModelName,
            Version = scores.ModelVersion,
            Design = design,
            Warnings = [.. context.Warnings],
            Metrics = metrics,
            Intervals = intervals?[0].Metrics ?? new Dictionary<string, BootstrapInterval>(),
            Resamples = request.Resamples,
            Threshold = scores.Threshold,
            ThresholdReason = metadata.ThresholdRule?.Reason ?? "",
            Confusion = Confusion.At(scores.Predicted, scores.Labels, scores.Cuts),
            Curves = [.. rivals.Select(rival => new NamedCurve(rival.Short, CutCurve.Of(rival.Scores, scores.Labels)))],
            Reliability = Reliability.Bins(scores.Predicted, scores.Labels),
            ReliabilityBefore = [.. metadata.Calibration?.Before.Reliability.Select(point => new ReportPoint(point.Probability, point.Rate)) ?? []],
            Calibration = CalibrationInWords(metadata),
            Histogram = ScoreHistogram.Of(scores.Predicted, scores.Labels),
            Economics = new ReportEconomics(request.Decisions.Options.Value, request.Decisions.Options.Cost, request.Decisions.Options.SaveRate),
            Importance = Importance(scores.Learnt),
            ImportanceOf = scores.Learnt.Importance.Count > 0 ? "share of all splits' gain" : "log-odds for one standard deviation, absolute",
            Permutation = [.. scores.Permutation?.Features.Take(MostBars).Select(row => new ReportBar(row.Feature, row.Loss, row.Deviation)) ?? []],
            PermutationMetric = scores.Permutation?.Metric ?? "",
            Learning = metadata.LearningCurve is { } curve ? new ReportLearning(curve.Metric, Points(curve.Rounds, curve.Train), Points(curve.Rounds, curve.Validation), curve.Kept) : null,
            Shap = context.Stages.Time("shap", () => ShapCohort.Of(model, matrix, context), sample => sample?.Rows ?? 0),
            Groups = [.. FairnessStep.Compare(scores.Groups, (scores.Predicted, scores.Labels, scores.Cuts), request.Fairness)
                .Select(report => new ReportGroups(report.Column, report.Reference, report.Groups, [.. report.Findings.Select(finding => finding.Message)]))],
            Errors = ErrorAnalysis.Of(matrix, scores.Labels, [.. scores.Predicted.Select((probability, row) => probability >= scores.Cuts[row])]),
            SegmentFeature = request.Segment ?? "",
            Segments = request.Segment is { } segment ? SegmentTable.Of(matrix, segment, scores) : [],
            Comparison = [.. rivals.Select((rival, index) => RowOf(rival, index, intervals is null ? null : intervals[index]))],
        };
    }

    /// <summary>What is compared: a model, or ranks of a rule that are no probabilities.</summary>
    private sealed record Rival(string Name, string Short, string Version, float[] Scores, float[] Cuts, IReadOnlyDictionary<string, double> Metrics, bool IsModel);

    private (string Name, float[] Ranks, bool IsRule) Baseline(FeatureMatrix matrix, float[] labels)
    {
        float[] ranks = new float[labels.Length];
        if (request.Baseline is { } text)
        {
            var rule = RowFilter.Parse(text, "--baseline", model.Metadata.Features, []);
            foreach (int row in rule.Select(matrix, ranks, ranks))
                ranks[row] = 1;
            return ($"rule: {text}", ranks, true);
        }
        SingleFeatureRule? best = SingleFeatureRule.Best(matrix, labels);
        return best is null ? ("no feature", ranks, false) : ($"best single feature: {best.Feature}, {(best.Rising ? "high" : "low")} first", best.Scores, false);
    }

    // A rule flags or does not; a feature ranks. Neither gives probabilities, so what judges those is left out.
    private static Rival RuleRival(string name, float[] ranks, bool isRule, float[] labels)
    {
        const float Half = 0.5f;
        float[] cuts = new float[ranks.Length];
        Array.Fill(cuts, isRule ? Half : float.PositiveInfinity);
        var metrics = new Dictionary<string, double>
        {
            ["rows"] = labels.Length,
            ["positives"] = labels.Count(label => label == 1),
            ["roc_auc"] = RocAuc.Compute(ranks, labels),
            ["pr_auc"] = AveragePrecision.Compute(ranks, labels),
            ["precision_at_10"] = TopShare.Precision(ranks, labels, 0.1),
            ["lift_at_10"] = TopShare.Lift(ranks, labels, 0.1),
        };
        if (isRule)
        {
            var cells = Confusion.At(ranks, labels, cuts);
            (metrics["precision"], metrics["recall"], metrics["f1"], metrics["accuracy"]) = (cells.Precision, cells.Recall, cells.F1, cells.Accuracy);
        }
        return new Rival(name, isRule ? "rule" : "best feature", "", ranks, cuts, metrics, IsModel: false);
    }

    private static ComparisonRow RowOf(Rival rival, int index, (IReadOnlyDictionary<string, BootstrapInterval> Metrics, IReadOnlyDictionary<string, BootstrapInterval> Differences)? intervals)
    {
        var own = new Dictionary<string, BootstrapInterval>();
        var differences = new Dictionary<string, BootstrapInterval>();
        foreach (string metric in intervals?.Metrics.Keys.Where(rival.Metrics.ContainsKey) ?? [])
        {
            own.Add(metric, intervals!.Value.Metrics[metric]);
            BootstrapInterval d = intervals.Value.Differences[metric];
            // They were taken from this model; the report says this model less the other.
            if (index > 0)
                differences.Add(metric, new BootstrapInterval(-d.Value, -d.Upper, -d.Lower));
        }
        return new ComparisonRow(rival.Name, rival.Version, rival.Metrics, own, differences);
    }

    private static string CalibrationInWords(ModelMetadata metadata) => metadata.Calibration is not { } record
        ? metadata.CalibrationMethod
        : string.Create(CultureInfo.InvariantCulture, $"{record.Method} ({record.Reason}), fitted on {record.Rows:N0} later rows; there the ECE went from {record.Before.Ece:0.####} to {record.After.Ece:0.####}, the log-loss from {record.Before.LogLoss:0.#####} to {record.After.LogLoss:0.#####}, the Brier score from {record.Before.Brier:0.#####} to {record.After.Brier:0.#####}, out of fold.");

    private static ReportBar[] Importance(ModelExplanation learnt) => learnt.Importance.Count > 0
        ? [.. learnt.Importance.Where(row => row.Gain > 0).Take(MostBars).Select(row => new ReportBar(row.Feature, row.GainShare, 0))]
        : [.. learnt.Coefficients.Where(c => c.Feature != ModelCoefficient.InterceptName).Take(MostBars).Select(c => new ReportBar($"{c.Feature} {c.Level}".TrimEnd(), Math.Abs(c.PerDeviation), 0))];

    private static ReportPoint[] Points(IReadOnlyList<int> rounds, IReadOnlyList<double> values) => [.. values.Select((value, index) => new ReportPoint(rounds[index], value))];
}
