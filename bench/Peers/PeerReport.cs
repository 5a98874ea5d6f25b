using System.Globalization;
using Spectre.Console;

namespace ChurnEngine.Bench.Peers;

/// <summary>The results of a case as text and as entries of the results file.</summary>
internal static class PeerReport
{
    private const int FewestForInterval = 3;

    public static void Write(IAnsiConsole console, PeerOutcome outcome)
    {
        console.WriteLine($"{outcome.Entry.Name}: {outcome.Case.Name}, {Count(outcome.Runs[0].Rounds.Count)}");
        console.WriteLine($"equal options: {outcome.Case.EqualOptions}");
        Table medians = Columns("", outcome.Runs);
        foreach (PeerMetric metric in outcome.Case.Metrics)
            medians.AddRow([Label(metric), .. outcome.Runs.Select(run => Number(run.Median(metric.Key), metric.Decimals))]);
        console.Write(medians);
        Table ratios = Columns("ours / theirs, below 1 is better", outcome.Runs.Skip(1));
        foreach (PeerMetric metric in outcome.Case.Metrics.Where(metric => metric.Kind != MetricKind.Shown))
            ratios.AddRow([metric.Kind == MetricKind.Rate ? $"{metric.Title}, as time a row" : metric.Title, .. outcome.Runs.Skip(1).Select(run => Ratio(Compare(metric, outcome.Runs[0], run), run.Rounds.Count))]);
        console.Write(ratios);
        foreach (Verdict verdict in outcome.Verdicts)
            console.WriteLine($"{(verdict.Holds ? "equal" : "NOT EQUAL")}: {verdict.Text}");
        console.WriteLine();
    }

    /// <summary>One entry a metric and program; ours once a peer, with the ratio.</summary>
    public static IEnumerable<ResultEntry> Entries(PeerOutcome outcome)
    {
        string verdicts = string.Join("; ", outcome.Verdicts.Select(verdict => (verdict.Holds ? "" : "NOT EQUAL: ") + verdict.Text));
        foreach (PeerMetric metric in outcome.Case.Metrics)
        {
            foreach (ContestantRuns run in outcome.Runs)
            {
                yield return Entry(outcome, metric, run) with { Note = outcome.Case.EqualOptions };
                if (run == outcome.Runs[0] || metric.Kind == MetricKind.Shown)
                    continue;
                PairedRatio ratio = Compare(metric, outcome.Runs[0], run);
                yield return Entry(outcome, metric, outcome.Runs[0]) with { Baseline = run.Title, Ratio = ratio.Value, RatioInterval = ratio.Range, Note = verdicts };
            }
        }
    }

    private static ResultEntry Entry(PeerOutcome outcome, PeerMetric metric, ContestantRuns run)
    {
        var parameters = new SortedDictionary<string, string>(outcome.Case.Parameters.ToDictionary(), StringComparer.Ordinal)
        {
            ["measure"] = metric.Title,
            ["program"] = run.Title,
        };
        return new ResultEntry { Name = outcome.Entry.Name, Parameters = parameters, Unit = metric.Unit, Value = run.Median(metric.Key), Interval = Sample.MedianInterval(run.Values(metric.Key)) };
    }

    private static PairedRatio Compare(PeerMetric metric, ContestantRuns ours, ContestantRuns theirs) =>
        PairedRatio.Of([.. ours.Values(metric.Key).Select(metric.Cost)], [.. theirs.Values(metric.Key).Select(metric.Cost)]);

    // An interval from two rounds is wide beyond use, and says less than that there were two.
    private static string Ratio(PairedRatio ratio, int rounds) => ratio.Range is { } range && rounds >= FewestForInterval
        ? $"{Number(ratio.Value, 2)} ({Number(range.Low, 2)} to {Number(range.High, 2)})"
        : $"{Number(ratio.Value, 2)} (no interval)";

    private static Table Columns(string first, IEnumerable<ContestantRuns> runs)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(first));
        foreach (ContestantRuns run in runs)
            table.AddColumn(new TableColumn(Markup.Escape(run.Title)).RightAligned());
        return table;
    }

    private static string Label(PeerMetric metric) => metric.Unit.Length > 0 ? $"{metric.Title}, {metric.Unit}" : metric.Title;

    private static string Count(int rounds) => rounds == 1 ? "one round" : $"medians of {rounds} interleaved rounds";

    private static string Number(double value, int decimals) => value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
