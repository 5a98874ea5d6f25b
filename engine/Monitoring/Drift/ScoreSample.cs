using System.Globalization;
using ChurnEngine.Models;

namespace ChurnEngine.Monitoring;

/// <summary>What a model says of some customers now.</summary>
/// <param name="Predicted">[N] calibrated probabilities, or values of a regression.</param>
public sealed record ScoreSample(float[] Predicted)
{
    /// <summary>Holds the scores against those that the model says it gave after training.</summary>
    internal ScoreDrift Judge(ModelMetadata metadata, DriftOptions options)
    {
        int rows = Predicted.Length;
        double mean = 0, squares = 0;
        foreach (float score in Predicted)
            mean += score;
        mean /= rows;
        foreach (float score in Predicted)
            squares += (score - mean) * (score - mean);
        double error = Math.Sqrt(squares / rows / rows), half = DriftMeasures.Normal95 * error;
        if (metadata.Scores is not { } then)
            return new ScoreDrift(mean, mean - half, mean + half, null, null, null, rows < options.LeastRows ? DriftVerdict.NotJudged : DriftVerdict.Stable, "");
        double[] counts = Counts(then);
        (double index, double lower) = Index(then, counts);
        // The mean then is a sample's too.
        double span = DriftMeasures.Normal95 * Math.Sqrt(error * error + then.Deviation * then.Deviation / then.Rows);
        double change = (mean - then.Mean) / Math.Abs(then.Mean), sure = (Math.Abs(mean - then.Mean) - span) / Math.Abs(then.Mean);
        List<string> broken = [];
        if (rows >= options.LeastRows && sure >= options.MeanScore)
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"mean {mean:0.####} where {then.Mean:0.####} was: {change:+0.0%;-0.0%}"));
        if (rows >= options.LeastRows && lower >= options.StabilityIndex)
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"PSI {index:0.###} (at least {lower:0.###}) from {options.StabilityIndex:0.###}"));
        DriftVerdict verdict = rows < options.LeastRows ? DriftVerdict.NotJudged : broken.Count > 0 ? DriftVerdict.Drifted : DriftVerdict.Stable;
        return new ScoreDrift(mean, mean - half, mean + half, then.Mean, change, index, verdict, string.Join("; ", broken)) { Shares = [.. then.Shares.Zip(counts, (share, count) => (share, count / rows))] };
    }

    private double[] Counts(ScoreDistribution scores)
    {
        double[] now = new double[scores.Shares.Length];
        foreach (float score in Predicted)
            now[scores.BinOf(score)]++;
        return now;
    }

    private static (double Index, double Lower) Index(ScoreDistribution scores, double[] now)
    {
        (double value, double variance, double bias) = DriftMeasures.StabilityIndex([.. scores.Shares.Select(share => share * scores.Rows)], now);
        return (value, Math.Max(0, value - bias - DriftMeasures.Normal95 * Math.Sqrt(Math.Max(0, variance))));
    }
}
