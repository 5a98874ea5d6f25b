using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints why one customer's prediction is what it is: a bar for each reason, to the right where it raises the risk.</summary>
internal static class EffectTable
{
    private const int HalfWidth = 16;

    public static void Print(IAnsiConsole console, CustomerExplanation why, int most)
    {
        ReasonEffect[] shown = [.. why.Reasons.Take(most)];
        double longest = shown.Length == 0 ? 1 : Math.Abs(shown[0].LogOdds);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("reason").AddColumn(new TableColumn("log-odds").RightAligned()).AddColumn("lowers <-  -> raises");
        foreach (ReasonEffect effect in shown)
            table.AddRow(Markup.Escape(effect.Features > 1 ? $"{effect.Sentence} ({effect.Features} features of {effect.Family})" : effect.Sentence), Signed(effect.LogOdds), Bar(effect.LogOdds / longest));
        int others = why.Reasons.Count - shown.Length;
        if (others > 0)
            table.AddRow($"{others} others", Signed(why.Reasons.Skip(shown.Length).Sum(effect => effect.LogOdds)), "");
        if (why.FeaturesNotTold > 0)
            table.AddRow($"not told ({why.FeaturesNotTold} features)", Signed(why.NotToldLogOdds), "");
        console.Write(table);
        if (why.BaseProbability is { } known)
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"probability {why.Predicted:F4}, flagged from {why.Threshold:F4}; {known:F4} of a customer of whom nothing is known"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"margin {why.Margin:F4} = {why.ExpectedMargin:F4} of a customer of whom nothing is known, and the log-odds above; what is not known is {why.Unknown}"));
        if (why.Counterfactual is { } otherwise)
            Print(console, otherwise);
        if (why.Pairs.Count == 0)
            return;
        Table pairs = new Table().Border(TableBorder.Simple).AddColumn("together, beyond each alone").AddColumn(new TableColumn("log-odds").RightAligned());
        foreach (PairEffect pair in why.Pairs)
            pairs.AddRow(Markup.Escape($"{pair.First} and {pair.Second}"), Signed(pair.LogOdds));
        console.Write(pairs);
    }

    private static void Print(IAnsiConsole console, CounterfactualReport otherwise)
    {
        if (otherwise.Changes.Count > 0)
        {
            Table changes = new Table().Border(TableBorder.Simple).AddColumn("if it were otherwise").AddColumn("now").AddColumn("then").AddColumn(new TableColumn("spreads").RightAligned());
            foreach (CounterfactualChange change in otherwise.Changes)
                changes.AddRow(Markup.Escape(change.Feature), Markup.Escape(change.From), Markup.Escape(change.To), change.Spreads.ToString("0.00", CultureInfo.InvariantCulture));
            console.Write(changes);
        }
        console.WriteLine(InWords(otherwise));
        foreach (string note in otherwise.Notes)
            console.WriteLine($"  {note}");
    }

    private static string InWords(CounterfactualReport otherwise) => (otherwise.IsReached, otherwise.IsExact, otherwise.Changes.Count) switch
    {
        (true, true, 0) => string.Create(CultureInfo.InvariantCulture, $"the probability is below {otherwise.Target:0.####} as it is"),
        (true, true, _) => string.Create(CultureInfo.InvariantCulture, $"then the probability is {otherwise.Predicted:F4}, below {otherwise.Target:0.####}; no smaller change among these features does it"),
        (true, false, _) => string.Create(CultureInfo.InvariantCulture, $"then the probability is {otherwise.Predicted:F4}, below {otherwise.Target:0.####}; the best found of too many combinations to try: {Bound(otherwise)}"),
        (false, true, _) => string.Create(CultureInfo.InvariantCulture, $"no change of these features brings the probability below {otherwise.Target:0.####}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"no change was found that brings the probability below {otherwise.Target:0.####}, of too many combinations to try: {Bound(otherwise)}"),
    };

    private static string Bound(CounterfactualReport otherwise) =>
        string.Create(CultureInfo.InvariantCulture, $"it takes {otherwise.LeastChanges} {(otherwise.LeastChanges == 1 ? "feature" : "features")} at least, and with that many {otherwise.LeastDistance:0.00} spreads");

    private static string Bar(double share)
    {
        int length = Math.Max(1, (int)Math.Round(Math.Abs(share) * HalfWidth));
        return share < 0 ? new string(' ', HalfWidth - length) + new string('█', length) + "│" : new string(' ', HalfWidth) + "│" + new string('█', length);
    }

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
