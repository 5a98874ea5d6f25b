using ChurnEngine.Audit;

namespace ChurnEngine.Pipeline;

/// <summary>Which groups are compared, and how unlike they may be treated: section <c>fairness</c>.</summary>
/// <param name="By">Features, or columns as COLUMN or TABLE.COLUMN; empty for none.</param>
/// <param name="Reference">Group to compare with, by what stands in <paramref name="By"/>; others take the largest.</param>
/// <param name="Rules">Limits.</param>
public sealed record FairnessSettings(IReadOnlyList<string> By, IReadOnlyDictionary<string, string> Reference, FairnessRules Rules)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static FairnessSettings Default { get; } = new([], new Dictionary<string, string>(), new FairnessRules());

    internal static FairnessSettings Read(ConfigSection section)
    {
        FairnessRules rules = Default.Rules;
        IReadOnlyList<string> by = section.List("by");
        var settings = new FairnessSettings([.. by.Distinct()], (section.Entries("reference") ?? []).ToDictionary(entry => entry.Name, entry => entry.Value), rules with
        {
            LeastSelectionRatio = section.Share("min_selection_ratio", rules.LeastSelectionRatio),
            LeastTruePositiveRatio = section.Share("min_tpr_ratio", rules.LeastTruePositiveRatio),
            MostCalibrationGap = section.OptionalShare("max_calibration_gap"),
            LeastRows = section.AtLeast("min_rows", 1, rules.LeastRows),
            LeastPerClass = section.AtLeast("min_per_class", 1, rules.LeastPerClass),
        });
        if (settings.Reference.Keys.Any(name => !by.Contains(name)))
            throw section.Unusable("reference", $"groups of what is compared by: {string.Join(", ", by)}");
        section.Close();
        return settings;
    }
}
