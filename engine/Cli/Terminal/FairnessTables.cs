using System.Globalization;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints how groups of customers are treated.</summary>
internal static class FairnessTables
{
    public static void Print(IAnsiConsole console, FairnessAuditReport report)
    {
        console.WriteLine(report.Design);
        foreach (FairnessRecord record in report.Columns)
        {
            Table table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(record.Column));
            foreach (string head in (string[])["rows", "flagged", "found", "in vain", "precision", "mean p", "left", "flagged ratio", "found ratio"])
                table.AddColumn(new TableColumn(head).RightAligned());
            foreach (FairnessGroup group in record.Groups)
            {
                table.AddRow(Markup.Escape(group.Group == record.Reference ? $"{group.Group} (reference)" : group.IsJudged ? group.Group : $"{group.Group} (not judged)"), $"{group.Rows:N0}",
                    Text(group.SelectionRate), Text(group.TruePositiveRate), Text(group.FalsePositiveRate), Text(group.Precision), group.MeanProbability.ToString("0.000", CultureInfo.InvariantCulture),
                    Text(group.PositiveRate), group.SelectionRatio is { } selected ? Text(selected) : "", group.TruePositiveRatio is { } found ? Text(found) : "");
            }
            console.Write(table);
            foreach (string finding in record.Findings)
                console.WriteLine($"UNLIKE  {finding}");
        }
        console.WriteLine("found: share of those who left that was flagged; in vain: share of those who stayed; 95% intervals below each");
        console.WriteLine(report.Passed ? "no group is treated unlike the others, as far as these limits and numbers can tell" : "groups are treated unlike the others: see above");
    }

    private static string Text(FairnessInterval interval) => double.IsNaN(interval.Value) ? "-" : string.Create(CultureInfo.InvariantCulture, $"{interval.Value:0.000}\n{interval.Lower:0.00}..{interval.Upper:0.00}");
}
