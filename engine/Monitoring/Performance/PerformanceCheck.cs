using System.Globalization;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring;

/// <summary>How good a model must be on outcomes that are known by now.</summary>
public sealed record PerformanceLimits
{
    /// <summary>Relative loss of ROC-AUC against training from which what makes customers leave is taken to have changed, above 0 and below 1.</summary>
    public double AucLoss { get; init; } = 0.10;

    /// <summary>Relative distance of the share that left from the mean probability from which probabilities are taken to be wrong, above 0.</summary>
    public double CalibrationError { get; init; } = 0.10;

    /// <summary>Metrics that may have a floor.</summary>
    public static IReadOnlyList<string> FloorMetrics { get; } = ["roc_auc", "pr_auc", "precision", "recall", "f1", "lift_at_10"];

    /// <summary>Least value of a metric of <see cref="FloorMetrics"/>, by its name in <see cref="ClassificationMetrics.ToDictionary"/>.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();

    /// <summary>Throws when a limit makes no sense.</summary>
    /// <remarks>Errors: CE8201.</remarks>
    public void Validate()
    {
        if (!(AucLoss is > 0 and < 1))
            throw MonitoringErrors.BadLimit("auc_loss", AucLoss, "a number above 0 and below 1");
        if (!(CalibrationError > 0 && double.IsFinite(CalibrationError)))
            throw MonitoringErrors.BadLimit("calibration_error", CalibrationError, "a number above 0");
    }
}

/// <summary>A limit that performance broke.</summary>
/// <param name="Metric">Which metric.</param>
/// <param name="Why">In words, with the figures.</param>
public sealed record PerformanceFault(string Metric, string Why);

/// <summary>Holds a model's metrics on known outcomes against its training and against floors.</summary>
public static class PerformanceCheck
{
    /// <summary>All limits that are broken.</summary>
    /// <param name="now">Metrics on outcomes that are known by now.</param>
    /// <param name="aucAtTraining">ROC-AUC on the test snapshot of the training; null where the model does not say.</param>
    /// <param name="limits">Limits.</param>
    /// <remarks>What changed is told from chance by intervals: the AUC's by DeLong must lie below what is left of the training's, that of the share that left (Wilson) beside the mean probability.
    /// A floor is a floor: the value itself is held against it.</remarks>
    public static IReadOnlyList<PerformanceFault> Faults(ClassificationMetrics now, double? aucAtTraining, PerformanceLimits limits)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(limits);
        limits.Validate();
        List<PerformanceFault> faults = [];
        if (aucAtTraining is { } then && now.RocAuc.Upper < then * (1 - limits.AucLoss))
            faults.Add(new("roc_auc", Text($"ROC-AUC {now.RocAuc.Auc:0.####} (at most {now.RocAuc.Upper:0.####}) where training had {then:0.####}: lost more than {limits.AucLoss:P0}")));
        (_, double low, double high) = ShareInterval.Wilson(now.Positives, now.Rows);
        if (now.Rows > 0 && (low > now.MeanProbability * (1 + limits.CalibrationError) || high < now.MeanProbability * (1 - limits.CalibrationError)))
            faults.Add(new("mean_probability", Text($"{now.PositiveRate:P2} left ({low:P2} to {high:P2}) where {now.MeanProbability:P2} were foretold: off by more than {limits.CalibrationError:P0}")));
        IReadOnlyDictionary<string, double> values = now.ToDictionary();
        foreach ((string metric, double floor) in limits.Floors.OrderBy(floor => floor.Key, StringComparer.Ordinal))
        {
            if (!values.TryGetValue(metric, out double value) || value < floor)
                faults.Add(new(metric, Text($"{metric} {(values.ContainsKey(metric) ? value.ToString("0.####", CultureInfo.InvariantCulture) : "cannot be told")} is below its floor {floor:0.####}")));
        }
        return faults;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
