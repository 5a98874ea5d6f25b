using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what a campaign achieved.</summary>
internal static class OutcomeSummary
{
    public static void Print(IAnsiConsole console, OutcomeReport report)
    {
        console.WriteLine($"contacted: {Text(report.Contacted)}");
        console.WriteLine($"hold-out: {Text(report.HoldOut)}");
        console.WriteLine($"effect on retention: {Points(report.Effect)}");
        console.WriteLine($"value saved{(report.HasRevenue ? " by revenue" : "")}: {Text(report.ValueSaved, DecisionSummary.Number)}; the plan expected {DecisionSummary.Number(report.ExpectedSaved)}; spend {DecisionSummary.Number(report.Spend)}");
        console.WriteLine($"return on it: {Text(report.Roi, value => value.ToString("0.##", CultureInfo.InvariantCulture))}");
        if (report.HoldOut.Customers > 0)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"random split: chi-squared {report.SplitChiSquared:0.##}, p {report.SplitP:0.###}{(report.IsSplitMismatched ? ", NOT a random split" : "")}"));
        foreach (OfferOutcome offer in report.Offers.Skip(report.Offers.Count > 1 ? 0 : 1))
            console.WriteLine($"  {offer.Action}: {Text(offer.Contacted)}; effect {Points(offer.Effect)}");
    }

    private static string Text(GroupRetention group) => group.Customers == 0 ? "nobody"
        : string.Create(CultureInfo.InvariantCulture, $"{group.Stayed:N0} of {group.Customers:N0} stayed, {group.Retention.Amount:0.0%} ({group.Retention.Lower:0.0%} to {group.Retention.Upper:0.0%})");

    private static string Points(Estimate effect) => double.IsNaN(effect.Amount) ? "not known"
        : string.Create(CultureInfo.InvariantCulture, $"{100 * effect.Amount:+0.0;-0.0} points ({100 * effect.Lower:+0.0;-0.0} to {100 * effect.Upper:+0.0;-0.0})");

    private static string Text(Estimate amount, Func<double, string> number) => double.IsNaN(amount.Amount) ? "not known" : $"{number(amount.Amount)} ({number(amount.Lower)} to {number(amount.Upper)})";
}
