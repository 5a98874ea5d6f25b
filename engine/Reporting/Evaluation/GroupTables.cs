using System.Globalization;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>What the page says of groups, as cells.</summary>
internal static class GroupTables
{
    /// <summary>Names of the columns.</summary>
    public static IReadOnlyList<string> Head { get; } = ["rows", "flagged", "found", "in vain", "precision", "mean probability", "left", "ECE", "flagged, ratio", "found, ratio"];

    /// <summary>The cells of one group, the first its name.</summary>
    public static string[] Cells(GroupRates group, string reference) =>
    [
        group.Group + (group.Group == reference ? " (reference)" : group.IsJudged ? "" : " (not judged)"),
        group.Rows.ToString("N0", CultureInfo.InvariantCulture), Text(group.SelectionRate), Text(group.TruePositiveRate), Text(group.FalsePositiveRate), Text(group.Precision),
        group.MeanProbability.ToString("0.####", CultureInfo.InvariantCulture), Text(group.PositiveRate), group.Ece.ToString("0.####", CultureInfo.InvariantCulture),
        group.SelectionRatio is { } selected ? Text(selected) : "", group.TruePositiveRatio is { } found ? Text(found) : "",
    ];

    private static string Text(ShareInterval share) => Text(share.Value, share.Lower, share.Upper);

    private static string Text(RatioInterval ratio) => Text(ratio.Value, ratio.Lower, ratio.Upper);

    private static string Text(double value, double lower, double upper) => double.IsNaN(value) ? "" : string.Create(CultureInfo.InvariantCulture, $"{value:0.###}\n[{lower:0.###}, {upper:0.###}]");
}
