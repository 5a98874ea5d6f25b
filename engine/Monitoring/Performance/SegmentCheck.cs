using System.Globalization;
using ChurnEngine.Evaluation;
using MathNet.Numerics;

namespace ChurnEngine.Monitoring;

/// <summary>When a segment's performance is an alarm.</summary>
public sealed record SegmentLimits
{
    /// <summary>Metrics that a segment may have a floor of: those with an interval.</summary>
    public static IReadOnlyList<string> FloorMetrics { get; } = ["roc_auc", "precision", "recall"];

    /// <summary>Segments of fewer rows are told and not judged; 1 and up.</summary>
    public int LeastRows { get; init; } = 300;

    /// <summary>The same for rows of the rarer outcome; 1 and up.</summary>
    public int LeastPerClass { get; init; } = 30;

    /// <summary>Least value of a metric of <see cref="FloorMetrics"/>.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();
}

/// <summary>A limit that a segment broke, beyond what chance and the number of tests explain.</summary>
/// <param name="Metric">roc_auc, mean_probability, precision or recall.</param>
/// <param name="PValue">How likely a segment within the limit looks as bad, 0..1, adjusted for all tests of all segments.</param>
/// <param name="Why">In words, with the figures.</param>
public sealed record SegmentFault(string Metric, double PValue, string Why);

/// <summary>Performance on one segment.</summary>
/// <param name="Rates">Rows, shares with their intervals, and whether it was judged.</param>
/// <param name="RocAuc">With its interval; NaN where one outcome is absent.</param>
/// <param name="ExpectedAuc">ROC-AUC if the probabilities are right: customers of one segment are alike, so that it may well lie below that of all.</param>
/// <param name="Faults">Limits that are broken.</param>
public sealed record SegmentPerformance(GroupRates Rates, AucInterval RocAuc, double ExpectedAuc, IReadOnlyList<SegmentFault> Faults);

/// <summary>Performance on the segments of one column.</summary>
/// <param name="Column">Feature or column that they are values of.</param>
/// <param name="Segments">The largest first, those without a value last.</param>
public sealed record SegmentedPerformance(string Column, IReadOnlyList<SegmentPerformance> Segments);

/// <summary>Holds a model's performance on segments of customers against what its probabilities promise of them, and against floors.</summary>
/// <remarks>A model that is as good as ever on all may fail a country or a plan. Each segment is tested several times, so p-values are adjusted over all of them (Benjamini-Hochberg);
/// a limit is part of what is tested, so that a large segment raises no alarm by significance alone.</remarks>
public static class SegmentCheck
{
    /// <summary>Measures and judges the segments of several columns.</summary>
    /// <param name="columns">[N] groups by each column.</param>
    /// <param name="sample">[N] probabilities, 0..1; labels, 0 or 1; probability from which each row is flagged.</param>
    /// <param name="limits">Loss of AUC and distance of the mean, as for all rows.</param>
    /// <param name="segments">Minimum samples and floors.</param>
    /// <param name="falseDiscoveryRate">Share of false alarms among all alarms, above 0 and below 1.</param>
    /// <remarks>Memory: a copy of the rows. Errors: CE8201 for limits that make no sense; ArgumentException when lengths differ.</remarks>
    public static IReadOnlyList<SegmentedPerformance> Run(IReadOnlyList<GroupedRows> columns, (float[] Probability, float[] Labels, float[] Cuts) sample, PerformanceLimits limits, SegmentLimits segments, double falseDiscoveryRate)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(segments);
        limits.Validate();
        var measured = columns.Select(column => GroupRates.Measure(column, sample.Probability, sample.Labels, sample.Cuts)
            .Zip(column.Members(), (rates, member) => Measure(rates with { IsJudged = IsJudged(rates, segments) }, member.Rows, sample)).ToArray()).ToArray();
        (int Column, int Segment, SegmentFault Fault)[] tests =
        [
            .. from column in Enumerable.Range(0, measured.Length) from segment in Enumerable.Range(0, measured[column].Length) where measured[column][segment].Rates.IsJudged
               from fault in Tests(measured[column][segment], limits, segments) select (column, segment, fault),
        ];
        double[] adjusted = DriftMeasures.FalseDiscoveryRate([.. tests.Select(test => test.Fault.PValue)]);
        var faults = tests.Select((test, i) => (test.Column, test.Segment, Fault: test.Fault with { PValue = adjusted[i] })).Where(test => test.Fault.PValue <= falseDiscoveryRate)
            .ToLookup(test => (test.Column, test.Segment), test => test.Fault);
        return [.. measured.Select((column, c) => new SegmentedPerformance(columns[c].Column, [.. column.Select((segment, s) => segment with { Faults = [.. faults[(c, s)]] })]))];
    }

    private static bool IsJudged(GroupRates rates, SegmentLimits limits) => rates.Rows >= limits.LeastRows && Math.Min(rates.Positives, rates.Rows - rates.Positives) >= limits.LeastPerClass;

    private static SegmentPerformance Measure(GroupRates rates, int[] rows, (float[] Probability, float[] Labels, float[] Cuts) sample)
    {
        float[] probability = Array.ConvertAll(rows, row => sample.Probability[row]), labels = Array.ConvertAll(rows, row => sample.Labels[row]);
        return new SegmentPerformance(rates, Evaluation.RocAuc.DeLong(probability, labels), Expected(probability), []);
    }

    // Every row is a positive with the weight of its probability, and a negative with the rest.
    private static double Expected(float[] probability)
    {
        float[] labels = new float[2 * probability.Length], weights = new float[labels.Length];
        for (int row = 0; row < probability.Length; row++)
        {
            labels[row] = 1;
            (weights[row], weights[probability.Length + row]) = (probability[row], 1 - probability[row]);
        }
        return Evaluation.RocAuc.Compute([.. probability, .. probability], labels, weights);
    }

    private static IEnumerable<SegmentFault> Tests(SegmentPerformance segment, PerformanceLimits limits, SegmentLimits segments)
    {
        GroupRates rates = segment.Rates;
        AucInterval auc = segment.RocAuc;
        double least = segment.ExpectedAuc * (1 - limits.AucLoss), mean = rates.MeanProbability, rate = rates.PositiveRate.Value;
        yield return new SegmentFault("roc_auc", Below(auc.Auc, least, auc.StandardError), Text($"ROC-AUC {auc.Auc:0.####} (at most {auc.Upper:0.####}) where its probabilities promise {segment.ExpectedAuc:0.####}: lost more than {limits.AucLoss:P0}"));
        double high = Math.Min(mean * (1 + limits.CalibrationError), 1), low = mean * (1 - limits.CalibrationError);
        yield return new SegmentFault("mean_probability", Math.Min(Below(-rate, -high, Error(high, rates.Rows)), Below(rate, low, Error(low, rates.Rows))),
            Text($"{rate:P2} left ({rates.PositiveRate.Lower:P2} to {rates.PositiveRate.Upper:P2}) where {mean:P2} were foretold: off by more than {limits.CalibrationError:P0}"));
        foreach ((string metric, double floor) in segments.Floors.OrderBy(floor => floor.Key, StringComparer.Ordinal))
        {
            (double value, double upper, double error) = metric switch
            {
                "precision" => (rates.Precision.Value, rates.Precision.Upper, Error(floor, rates.Selected)),
                "recall" => (rates.TruePositiveRate.Value, rates.TruePositiveRate.Upper, Error(floor, rates.Positives)),
                _ => (auc.Auc, auc.Upper, auc.StandardError),
            };
            // Without anybody flagged there is no precision to judge.
            if (double.IsFinite(value))
                yield return new SegmentFault(metric, Below(value, floor, error), Text($"{metric} {value:0.####} (at most {upper:0.####}) is below its floor {floor:0.####}"));
        }
    }

    // How likely a value that lies at its limit, or above, looks as low as this.
    private static double Below(double value, double limit, double error) =>
        error > 0 ? 0.5 * SpecialFunctions.Erfc((limit - value) / error / Math.Sqrt(2)) : value < limit ? 0 : 1;

    private static double Error(double share, long trials) => Math.Sqrt(share * (1 - share) / Math.Max(1, trials));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
