using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints why one customer's prediction is what it is: a bar for each feature, to the right where it raises the risk.</summary>
internal static class EffectTable
{
    private const int HalfWidth = 16;

    public static void Print(IAnsiConsole console, CustomerExplanation why, int most)
    {
        FeatureEffect[] shown = [.. why.Features.Where(effect => effect.LogOdds != 0).Take(most)];
        double longest = shown.Length == 0 ? 1 : Math.Abs(shown[0].LogOdds);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("feature").AddColumn("value").AddColumn(new TableColumn("log-odds").RightAligned()).AddColumn("lowers <-  -> raises");
        foreach (FeatureEffect effect in shown)
            table.AddRow(Markup.Escape(effect.Feature), Markup.Escape(effect.Value), Signed(effect.LogOdds), Bar(effect.LogOdds / longest));
        double rest = why.Features.Sum(effect => effect.LogOdds) - shown.Sum(effect => effect.LogOdds);
        int others = why.Features.Count - shown.Length;
        if (others > 0)
            table.AddRow($"{others} others", "", Signed(rest), "");
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"margin {why.Margin:F4} = {why.ExpectedMargin:F4} of a customer of whom nothing is known, and the log-odds above; what is not known is {why.Unknown}"));
        if (why.Pairs.Count == 0)
            return;
        Table pairs = new Table().Border(TableBorder.Simple).AddColumn("together, beyond each alone").AddColumn(new TableColumn("log-odds").RightAligned());
        foreach (PairEffect pair in why.Pairs)
            pairs.AddRow(Markup.Escape($"{pair.First} and {pair.Second}"), Signed(pair.LogOdds));
        console.Write(pairs);
    }

    private static string Bar(double share)
    {
        int length = Math.Max(1, (int)Math.Round(Math.Abs(share) * HalfWidth));
        return share < 0 ? new string(' ', HalfWidth - length) + new string('█', length) + "│" : new string(' ', HalfWidth) + "│" + new string('█', length);
    }

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
