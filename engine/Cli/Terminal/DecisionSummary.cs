using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what an action plan comes to.</summary>
internal static class DecisionSummary
{
    public static void Print(IAnsiConsole console, DecisionReport report)
    {
        console.WriteLine($"{report.Chosen:N0} of {report.Scored:N0} customers to contact: expected value {report.ExpectedValue:N0} ({report.RealisedInterval.Lower:N0} to {report.RealisedInterval.Upper:N0} may be realised), spend {report.Spend:N0}, {report.ExpectedSaves:N0} customers expected to stay");
        string gap = report.Gap.ToString("0.####%", CultureInfo.InvariantCulture);
        console.WriteLine(report.Proof == "exact" ? $"no plan within the limits is expected to earn more (gap to the linear program {gap})" : $"no plan is expected to earn more than {report.Bound:N0}: at most {gap} above this one");
        if (report.CapacityPrice > 0 || report.BudgetPrice > 0 || report.Offers.Any(offer => offer.Price > 0))
            console.WriteLine($"one more would add: {string.Join(", ", Prices(report))}");
        console.WriteLine($"decided: {string.Join(", ", report.Decisions.Where(pair => pair.Value > 0).Select(pair => $"{pair.Value:N0} {pair.Key}"))}");
        console.WriteLine($"risk: {string.Join(", ", report.RiskLevels.Select(level => $"{level.Value:N0} {level.Key}"))}");
        if (report.Offers.Count > 1)
            PrintOffers(console, report);
        if (report.Days.Count > 1)
            console.WriteLine($"contacts a day: {string.Join(", ", report.Days.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)))}");
        PrintComparison(console, report);
        console.WriteLine(report.Written ? $"in {report.Path}" : $"dry run: nothing was written; it would be {report.Path}");
        foreach (string file in report.Files)
            console.WriteLine($"   {file}");
    }

    private static IEnumerable<string> Prices(DecisionReport report)
    {
        if (report.CapacityPrice > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"contact {report.CapacityPrice:0.##}");
        if (report.BudgetPrice > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"unit of budget {report.BudgetPrice:0.##}");
        foreach (OfferUse offer in report.Offers.Where(offer => offer.Price > 0))
            yield return string.Create(CultureInfo.InvariantCulture, $"contact by '{offer.Name}' {offer.Price:0.##}");
    }

    private static void PrintOffers(IAnsiConsole console, DecisionReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("offer", "contacts", "expected value", "spend", "a day at most");
        foreach (OfferUse offer in report.Offers)
            table.AddRow(Markup.Escape(offer.Name), Number(offer.Contacts), Number(offer.ExpectedValue), Number(offer.Spend), offer.Capacity is { } most ? Number(most) : "");
        console.Write(table);
    }

    private static void PrintComparison(IAnsiConsole console, DecisionReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("way to choose", "contacts", "expected value", "spend", "expected to stay");
        foreach (WayToChoose way in report.Comparison)
            table.AddRow(Markup.Escape(way.Name), Number(way.Contacts), Number(way.ExpectedValue), Number(way.Spend), Number(way.ExpectedSaves));
        console.Write(table);
    }

    internal static string Number(double value) => double.IsNaN(value) ? "not known" : value.ToString("N0", CultureInfo.InvariantCulture);
}
