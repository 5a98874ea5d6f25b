using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what a model has learnt: what its features did in training, its coefficients, or what they are worth on labelled rows.</summary>
internal static class LearntTable
{
    /// <summary>Gain and splits of trees, or coefficients.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="learnt">What the model says.</param>
    /// <param name="most">Lines at most; the rest is counted.</param>
    public static void Print(IAnsiConsole console, ModelExplanation learnt, int most)
    {
        if (learnt.Importance.Count > 0)
        {
            Table table = Columns("feature", "gain", "share of gain", "splits");
            foreach (ImportanceRow row in learnt.Importance.Take(most))
                table.AddRow(Markup.Escape(row.Feature), Number(row.Gain), row.GainShare.ToString("P1", CultureInfo.InvariantCulture), row.Splits.ToString("N0", CultureInfo.InvariantCulture));
            Finish(console, table, learnt.Importance.Count - most);
        }
        if (learnt.Coefficients.Count > 0)
        {
            Table table = Columns("feature", "coefficient", "per deviation", "odds per deviation");
            foreach (Models.ModelCoefficient c in learnt.Coefficients.Take(most))
                table.AddRow(Markup.Escape(c.Level.Length == 0 ? c.Feature : $"{c.Feature} = {c.Level}"), Number(c.Value), c.PerDeviation == 0 ? "" : Number(c.PerDeviation), c.PerDeviation == 0 ? "" : $"x {Number(Math.Exp(c.PerDeviation))}");
            Finish(console, table, learnt.Coefficients.Count - most);
        }
    }

    /// <summary>Permutation importance.</summary>
    public static void Print(IAnsiConsole console, PermutationReport measured)
    {
        Table table = Columns("feature", $"{measured.Metric} lost without it", "+-");
        foreach (PermutationRow feature in measured.Features)
            table.AddRow(Markup.Escape(feature.Feature), feature.Loss.ToString("F5", CultureInfo.InvariantCulture), feature.Deviation.ToString("F5", CultureInfo.InvariantCulture));
        console.Write(table);
        console.WriteLine($"each feature shuffled {measured.Repeats} times; +- is the standard deviation over them");
    }

    private static Table Columns(string first, params string[] others)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(first);
        foreach (string heading in others)
            table.AddColumn(new TableColumn(heading).RightAligned());
        return table;
    }

    private static void Finish(IAnsiConsole console, Table table, int more)
    {
        console.Write(table);
        if (more > 0)
            console.WriteLine($"and {more} more: `churn explain` shows all");
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
