using System.Globalization;
using ChurnEngine.Monitoring;

namespace ChurnEngine.Pipeline;

/// <summary>What <c>churn monitor</c> raises an alarm at: section <c>monitor</c>.</summary>
/// <param name="Out">Folder for the report, from the project's folder; null for none.</param>
/// <param name="Drift">Limits of drift.</param>
/// <param name="Performance">Limits of performance on outcomes that are known.</param>
/// <param name="Ignored">Features whose drift is expected, and raises no alarm.</param>
public sealed record MonitorSettings(string? Out, DriftOptions Drift, PerformanceLimits Performance, IReadOnlyList<string> Ignored)
{
    /// <summary>Features, or columns as COLUMN or TABLE.COLUMN, whose values performance is measured by.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];

    /// <summary>Minimum samples and floors of a segment.</summary>
    public SegmentLimits SegmentLimits { get; init; } = new();

    /// <summary>Used when there is no churn.yaml.</summary>
    public static MonitorSettings Default { get; } = new(null, new DriftOptions(), new PerformanceLimits(), []);

    /// <summary>When a challenger is trained.</summary>
    public RetrainSettings Retrain { get; init; } = RetrainSettings.Default;

    internal static MonitorSettings Read(ConfigSection section)
    {
        var drift = new DriftOptions();
        var limits = new PerformanceLimits();
        var settings = new MonitorSettings(
            section.OptionalText("out"),
            new DriftOptions
            {
                StabilityIndex = section.Within("psi", drift.StabilityIndex, "a number above 0", value => value > 0),
                Distance = section.Within("ks", drift.Distance, "a number above 0, at most 1", value => value is > 0 and <= 1),
                MissingShare = section.Within("missing", drift.MissingShare, "a number above 0, at most 1", value => value is > 0 and <= 1),
                NewLevels = section.Within("new_levels", drift.NewLevels, "a number above 0, at most 1", value => value is > 0 and <= 1),
                MeanScore = section.Within("mean_score", drift.MeanScore, "a number above 0", value => value > 0),
                FalseDiscoveryRate = section.Within("false_discovery_rate", drift.FalseDiscoveryRate, "a number above 0 and below 1", value => value is > 0 and < 1),
                LeastRows = section.AtLeast("least_rows", 1, (int)drift.LeastRows),
            },
            new PerformanceLimits
            {
                AucLoss = section.Within("auc_loss", limits.AucLoss, "a number above 0 and below 1", value => value is > 0 and < 1),
                CalibrationError = section.Within("calibration_error", limits.CalibrationError, "a number above 0", value => value > 0),
                Floors = Floors(section, "floors", PerformanceLimits.FloorMetrics),
            },
            section.List("ignore"))
        {
            Retrain = RetrainSettings.Read(section.Nested("retrain")),
            Segments = section.List("segments"),
            SegmentLimits = new SegmentLimits { LeastRows = section.AtLeast("segment_least_rows", 1, new SegmentLimits().LeastRows), Floors = Floors(section, "segment_floors", SegmentLimits.FloorMetrics) },
        };
        section.Close();
        return settings;
    }

    private static Dictionary<string, double> Floors(ConfigSection section, string key, IReadOnlyList<string> known)
    {
        var floors = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string metric, string text) in section.Entries(key) ?? [])
        {
            if (!known.Contains(metric) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double floor) || !double.IsFinite(floor))
                throw PipelineErrors.BadFloor(section.At(key), key, metric, text, known);
            floors[metric] = floor;
        }
        return floors;
    }
}
