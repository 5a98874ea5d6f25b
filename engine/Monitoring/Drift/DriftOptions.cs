namespace ChurnEngine.Monitoring;

/// <summary>When a change counts as drift: it must be large, and not chance.</summary>
/// <remarks>A limit is held against the lower end of the 95% interval of the change, so a small sample raises no alarm by its noise; a large sample raises none by significance alone.</remarks>
public sealed record DriftOptions
{
    /// <summary>Population stability index from which a feature, or the scores, have drifted; above 0.</summary>
    public double StabilityIndex { get; init; } = 0.2;

    /// <summary>Kolmogorov-Smirnov distance of a number's values from which it has drifted, above 0 and at most 1: the stability index hardly sees a shift of values that spread widely.</summary>
    public double Distance { get; init; } = 0.1;

    /// <summary>Change of the share of missing values from which a feature has drifted, 0..1.</summary>
    public double MissingShare { get; init; } = 0.05;

    /// <summary>Share of rows with a value of a category that training did not know, from which there is a new category; above 0 and at most 1.</summary>
    public double NewLevels { get; init; } = 0.01;

    /// <summary>Relative change of the mean score from which scores have drifted, above 0.</summary>
    public double MeanScore { get; init; } = 0.05;

    /// <summary>Share of false alarms among all features called drifted, above 0 and below 1 (Benjamini-Hochberg).</summary>
    public double FalseDiscoveryRate { get; init; } = 0.01;

    /// <summary>Fewer rows are not judged; 1 and up.</summary>
    public long LeastRows { get; init; } = 500;

    /// <summary>Throws when a limit makes no sense.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE8201.</remarks>
    public void Validate()
    {
        Require("psi", StabilityIndex, StabilityIndex > 0, "a number above 0");
        Require("ks", Distance, Distance is > 0 and <= 1, "a number above 0, at most 1");
        Require("missing", MissingShare, MissingShare is > 0 and <= 1, "a number above 0, at most 1");
        Require("new_levels", NewLevels, NewLevels is > 0 and <= 1, "a number above 0, at most 1");
        Require("mean_score", MeanScore, MeanScore > 0, "a number above 0");
        Require("false_discovery_rate", FalseDiscoveryRate, FalseDiscoveryRate is > 0 and < 1, "a number above 0 and below 1");
        Require("least_rows", LeastRows, LeastRows >= 1, "a whole number, 1 and up");
    }

    private static void Require(string name, double value, bool holds, string expected)
    {
        if (!holds || !double.IsFinite(value))
            throw MonitoringErrors.BadLimit(name, value, expected);
    }
}
