using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit;

/// <summary>How unlike groups may be treated.</summary>
public sealed record FairnessRules
{
    /// <summary>Least ratio of selection rates between a group and the reference, whichever is lower: the four-fifths rule. 0 does not judge, at most 1.</summary>
    public double LeastSelectionRatio { get; init; } = 0.8;

    /// <summary>Least ratio of true positive rates, as the other. 0 does not judge, at most 1.</summary>
    public double LeastTruePositiveRatio { get; init; } = 0.8;

    /// <summary>Most that the mean probability of a group may lie beside its share of positives, 0..1; null does not judge.</summary>
    public double? MostCalibrationGap { get; init; }

    /// <summary>A group of fewer rows is told and not judged, 1 and up.</summary>
    public int LeastRows { get; init; } = 100;

    /// <summary>A group of fewer positives, or negatives, is not judged either, 1 and up.</summary>
    public int LeastPerClass { get; init; } = 10;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ChurnConfigException CE8004.</remarks>
    public void Validate()
    {
        Require("min_selection_ratio", LeastSelectionRatio, LeastSelectionRatio is >= 0 and <= 1, "0 to 1");
        Require("min_tpr_ratio", LeastTruePositiveRatio, LeastTruePositiveRatio is >= 0 and <= 1, "0 to 1");
        Require("max_calibration_gap", MostCalibrationGap ?? 0, MostCalibrationGap is null or >= 0 and <= 1, "0 to 1");
        Require("min_rows", LeastRows, LeastRows >= 1, "1 and up");
        Require("min_per_class", LeastPerClass, LeastPerClass >= 1, "1 and up");
    }

    private static void Require(string name, double value, bool holds, string expected)
    {
        if (!holds)
            throw AuditErrors.BadFairnessRule(name, value, expected);
    }
}

/// <summary>A group that is treated unlike the reference, beyond a limit and beyond chance.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Measure">selection_rate, true_positive_rate or calibration.</param>
/// <param name="Value">Ratio to the reference, or the gap.</param>
/// <param name="Limit">Beyond which it is noticed.</param>
/// <param name="Message">One sentence.</param>
public sealed record FairnessFinding(string Group, string Measure, double Value, double Limit, string Message);

/// <summary>How the groups of one column are treated.</summary>
/// <param name="Column">What they are values of.</param>
/// <param name="Reference">Group that the others are compared with.</param>
/// <param name="Groups">All groups, the largest first.</param>
/// <param name="Findings">What is beyond a limit; empty when all is well.</param>
public sealed record FairnessReport(string Column, string Reference, IReadOnlyList<GroupRates> Groups, IReadOnlyList<FairnessFinding> Findings)
{
    /// <summary>True without a finding.</summary>
    public bool Passed => Findings.Count == 0;
}
