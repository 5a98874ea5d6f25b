using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Monitoring;

/// <summary>Holds counted rows against the distributions inside a model.</summary>
public static class DriftMonitor
{
    /// <summary>Judges every feature and the scores.</summary>
    /// <param name="model">Whose distributions at training are the measure.</param>
    /// <param name="rows">Rows now, counted by the model's bins.</param>
    /// <param name="scores">What the model says of them.</param>
    /// <param name="options">Limits.</param>
    /// <param name="levels">What was counted of categories that training did not know; null: they count as missing.</param>
    /// <remarks>Errors: CE8201 for limits that make no sense, CE8202 for a model without distributions, CE8203 without rows.</remarks>
    public static DriftReport Judge(ChurnModel model, BinCounts rows, ScoreSample scores, DriftOptions options, LevelCounts? levels = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ModelMetadata metadata = model.Metadata;
        Require(model);
        if (rows.Rows == 0)
            throw MonitoringErrors.NoRows();
        FeatureDrift[] measured = [.. metadata.Features.Select((feature, i) => Measure(feature, metadata.Distributions[i], metadata.TrainingRows, (rows, levels?.Counts.Rows(i) ?? 0), i))];
        double[] adjusted = DriftMeasures.FalseDiscoveryRate([.. measured.Select(feature => feature.PValue)]);
        for (int i = 0; i < measured.Length; i++)
            measured[i] = Verdict(measured[i] with { AdjustedPValue = adjusted[i], New = levels is null ? null : NewLevelCheck.Of(metadata, i, rows.Rows, levels, options) }, rows.Rows, metadata.TrainingRows, options);
        return new DriftReport(rows.Rows, measured, scores.Judge(metadata, options));
    }

    /// <summary>Refuses a model that cannot be monitored.</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE8202.</remarks>
    public static void Require(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Metadata.Distributions.Count != model.Metadata.Features.Count || model.Metadata.TrainingRows <= 0)
            throw MonitoringErrors.NoDistributions(model.Version);
    }

    // Rows of a new category are told apart, so that all else is measured without them.
    private static FeatureDrift Measure(FeatureInfo feature, FeatureDistribution distribution, long trainingRows, (BinCounts Counts, long Unknown) seen, int index)
    {
        BinCounts rows = seen.Counts;
        if (seen.Unknown == rows.Rows)
            return new FeatureDrift(feature.Name, 0, 0, 0, 0, 0, null, null, 0, 1, 1, 0, distribution.MissingShare, DriftVerdict.Stable, "");
        bool isNumber = feature.Kind == FeatureKind.Numeric;
        ReadOnlySpan<long> counted = rows.Of(index);
        double[] now = new double[counted.Length + 1], then = new double[counted.Length + 1];
        for (int bin = 0; bin < counted.Length; bin++)
            (now[bin], then[bin]) = (counted[bin], distribution.Shares[bin] * trainingRows);
        (now[^1], then[^1]) = (rows.Missing(index) - seen.Unknown, distribution.MissingShare * trainingRows);
        (double value, double variance, double bias) = DriftMeasures.StabilityIndex(then, now);
        double half = DriftMeasures.Normal95 * Math.Sqrt(Math.Max(0, variance)), free = Math.Max(0, value - bias);
        (double statistic, _, double pValue) = DriftMeasures.ChiSquared(then, now);
        double distance = isNumber ? DriftMeasures.KolmogorovSmirnov(then.AsSpan(0, counted.Length), now.AsSpan(0, counted.Length)) : double.NaN;
        double moved = isNumber ? DriftMeasures.Wasserstein(then.AsSpan(0, counted.Length), now.AsSpan(0, counted.Length), distribution.UpperEdges) : double.NaN;
        return new FeatureDrift(feature.Name, value, Math.Max(0, free - half), free + half, DriftMeasures.KullbackLeibler(then, now), DriftMeasures.JensenShannon(then, now),
            double.IsNaN(distance) ? null : distance, double.IsNaN(moved) ? null : moved, statistic, pValue, 1, now[^1] / rows.Rows, distribution.MissingShare, DriftVerdict.Stable, "");
    }

    private static FeatureDrift Verdict(FeatureDrift feature, long rows, long trainingRows, DriftOptions options)
    {
        if (rows < options.LeastRows)
            return feature with { Verdict = DriftVerdict.NotJudged };
        List<string> broken = [];
        if (feature.AdjustedPValue <= options.FalseDiscoveryRate)
        {
            if (feature.Lower >= options.StabilityIndex)
                broken.Add(string.Create(CultureInfo.InvariantCulture, $"PSI {feature.StabilityIndex:0.###} ({feature.Lower:0.###} to {feature.Upper:0.###}) from {options.StabilityIndex:0.###}"));
            // Smirnov's 95% bound: what chance alone gives between samples of these sizes.
            double noise = 1.358 * Math.Sqrt(1.0 / Math.Max(1, rows * (1 - feature.Missing)) + 1.0 / Math.Max(1, trainingRows * (1 - feature.MissingAtTraining)));
            if (feature.KolmogorovSmirnov is { } distance && distance - noise >= options.Distance)
                broken.Add(string.Create(CultureInfo.InvariantCulture, $"KS {distance:0.###} (at least {distance - noise:0.###}) from {options.Distance:0.###}"));
            ShareInterval change = BinomialInterval.Difference(Share(feature.Missing, rows), Share(feature.MissingAtTraining, trainingRows));
            if (Math.Max(change.Lower, -change.Upper) >= options.MissingShare)
                broken.Add(string.Create(CultureInfo.InvariantCulture, $"missing {feature.Missing:P1}, {feature.MissingAtTraining:P1} at training: {(change.Value > 0 ? "more" : "fewer")} by {options.MissingShare:P1} or more"));
        }
        return broken.Count == 0 ? feature : feature with { Verdict = DriftVerdict.Drifted, Why = string.Join("; ", broken) };
    }

    private static ShareInterval Share(double share, long rows) => ShareInterval.Wilson((long)Math.Round(share * rows), rows);
}
