using System.Globalization;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit;

/// <summary>Compares how a model treats groups of customers.</summary>
/// <remarks>
/// A ratio is noticed when it is below the limit, either way round, and its 95% interval does not hold 1: four fifths by chance in a small group are no finding.
/// Source: Uniform Guidelines on Employee Selection Procedures 1978 (four fifths, with a test); Hardt, Price and Srebro 2016 (equal opportunity).
/// </remarks>
public static class FairnessCheck
{
    /// <summary>Measures and judges.</summary>
    /// <param name="rows">[N] groups.</param>
    /// <param name="probability">[N] 0..1. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="cuts">[N] probability from which each row is flagged.</param>
    /// <param name="rules">Limits.</param>
    /// <param name="reference">Group to compare with; null: the largest that is judged.</param>
    /// <remarks>Errors: ChurnConfigException CE8004 for a limit, CE8005 for a reference that is no group; ChurnDataException CE8006 without two groups to judge.</remarks>
    public static FairnessReport Run(GroupedRows rows, float[] probability, float[] labels, float[] cuts, FairnessRules rules, string? reference = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(rules);
        rules.Validate();
        GroupRates[] groups = [.. GroupRates.Measure(rows, probability, labels, cuts).Select(group => group with { IsJudged = IsJudged(group, rules) })];
        if (reference is not null && groups.All(group => group.Group != reference || group.Group == GroupRates.Missing))
            throw AuditErrors.NoReferenceGroup(rows.Column, reference, groups.Select(group => group.Group));
        string[] judged = [.. groups.Where(group => group.IsJudged).Select(group => group.Group)];
        if (judged.Length < 2)
            throw AuditErrors.OneGroup(rows.Column, judged, rules.LeastRows);
        GroupRates to = groups.First(group => reference is null ? group.IsJudged : group.Group == reference);
        groups = [.. groups.Select(group => group.Group == to.Group ? group : group.Against(to))];
        return new FairnessReport(rows.Column, to.Group, groups, [.. groups.Where(group => group.IsJudged).SelectMany(group => Judge(group, rows.Column, to, rules))]);
    }

    private static bool IsJudged(GroupRates group, FairnessRules rules) =>
        group.Group != GroupRates.Missing && group.Rows >= rules.LeastRows && Math.Min(group.Positives, group.Rows - group.Positives) >= rules.LeastPerClass;

    private static IEnumerable<FairnessFinding> Judge(GroupRates group, string column, GroupRates to, FairnessRules rules)
    {
        if (Unlike(group.SelectionRatio, rules.LeastSelectionRatio) is { } selected)
            yield return Ratio(group, "selection_rate", selected, rules.LeastSelectionRatio, $"of {column} '{group.Group}' {Share(group.SelectionRate)} are flagged, of '{to.Group}' {Share(to.SelectionRate)}");
        if (Unlike(group.TruePositiveRatio, rules.LeastTruePositiveRatio) is { } found)
            yield return Ratio(group, "true_positive_rate", found, rules.LeastTruePositiveRatio, $"of those of {column} '{group.Group}' who left {Share(group.TruePositiveRate)} were flagged, of '{to.Group}' {Share(to.TruePositiveRate)}");
        // Beyond chance: the share that left cannot well be as far as the mean probability.
        bool isBeyondChance = group.MeanProbability < group.PositiveRate.Lower || group.MeanProbability > group.PositiveRate.Upper;
        if (rules.MostCalibrationGap is { } most && Math.Abs(group.CalibrationGap) > most && isBeyondChance)
        {
            yield return new FairnessFinding(group.Group, "calibration", group.CalibrationGap, most, string.Create(CultureInfo.InvariantCulture,
                $"of {column} '{group.Group}' the mean probability is {group.MeanProbability:0.###} and {group.PositiveRate.Value:0.###} left ({group.PositiveRate.Lower:0.###} to {group.PositiveRate.Upper:0.###}): {Math.Abs(group.CalibrationGap):0.###} apart, beyond {most:0.###}"));
        }
    }

    // Of nothing to one is no ratio, but it is below every limit: then the interval's near end stands for it.
    private static RatioInterval? Unlike(RatioInterval? ratio, double limit)
    {
        if (limit == 0 || ratio is not { } found || double.IsNaN(found.Lower) || found.Lower <= 1 && found.Upper >= 1)
            return null;
        double value = double.IsNaN(found.Value) ? found.Lower : found.Value;
        return value < limit || 1 / value < limit ? found with { Value = value } : null;
    }

    private static FairnessFinding Ratio(GroupRates group, string measure, RatioInterval ratio, double limit, string fact) => new(group.Group, measure, ratio.Value, limit,
        string.Create(CultureInfo.InvariantCulture, $"{fact}: a ratio of {ratio.Value:0.###} (95% {ratio.Lower:0.###} to {ratio.Upper:0.###}), beyond {limit:0.###}"));

    private static string Share(ShareInterval share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share.Value:0.#}%");
}
