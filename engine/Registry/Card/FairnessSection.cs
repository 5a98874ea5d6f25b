using System.Globalization;
using System.Text;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>What the model card says of groups of customers.</summary>
internal static class FairnessSection
{
    public static void Write(StringBuilder text, ModelMetadata metadata)
    {
        foreach (FairnessRecord record in metadata.Fairness ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## Groups by {record.Column}\n\nMeasured on the same rows; ratios are to {record.Reference}; 95% intervals in brackets.\n\n");
            text.Append("| Group | Rows | Flagged | Found of those who left | False alarms | Precision | Mean probability | Left | Selection ratio | Recall ratio |\n| --- | ---: | --- | --- | --- | --- | ---: | --- | ---: | ---: |\n");
            foreach (FairnessGroup group in record.Groups)
            {
                string name = group.Group.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ") + (group.IsJudged ? "" : " (too few to judge)");
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {group.Rows:N0} | {Share(group.SelectionRate)} | {Share(group.TruePositiveRate)} | {Share(group.FalsePositiveRate)} | {Share(group.Precision)} | {group.MeanProbability:0.###} | {Share(group.PositiveRate)} | {Ratio(group.SelectionRatio)} | {Ratio(group.TruePositiveRatio)} |\n");
            }
            text.Append(record.Findings.Count == 0 ? "\nNo ratio is beyond its limit.\n" : "\n");
            foreach (string finding in record.Findings)
                text.Append(CultureInfo.InvariantCulture, $"- **Unlike**: {finding}\n");
        }
    }

    private static string Share(FairnessInterval share) => double.IsNaN(share.Value) ? "" : string.Create(CultureInfo.InvariantCulture, $"{share.Value:0.###} [{share.Lower:0.###}, {share.Upper:0.###}]");

    private static string Ratio(FairnessInterval? ratio) => ratio is null ? "" : Share(ratio.Value);
}
