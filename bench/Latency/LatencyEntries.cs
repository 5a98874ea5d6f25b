using System.Globalization;
using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>Times of single calls as results and as a table: the slow calls count, not the mean one.</summary>
internal static class LatencyEntries
{
    // As the results name them.
    private static readonly string[] s_shares = ["0.5", "0.99", "0.999", "1"];

    /// <summary>An entry for each share: the time that so many calls stayed within.</summary>
    /// <param name="name">Of the entries.</param>
    /// <param name="call">What was called.</param>
    /// <param name="micros">Microseconds of each call; sorted here.</param>
    /// <param name="parameters">The size of the thing.</param>
    public static IEnumerable<ResultEntry> Of(string name, string call, double[] micros, SortedDictionary<string, string> parameters)
    {
        Array.Sort(micros);
        foreach (string share in s_shares)
        {
            int index = Math.Min(micros.Length - 1, (int)(double.Parse(share, CultureInfo.InvariantCulture) * micros.Length));
            yield return new ResultEntry
            {
                Name = name,
                Parameters = new SortedDictionary<string, string>(parameters, StringComparer.Ordinal) { ["calls"] = call, ["share"] = share },
                Unit = "us",
                Value = micros[index],
                Rows = micros.Length,
            };
        }
    }

    /// <summary>A line for each call.</summary>
    public static Table Table(SuiteRun run)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("calls");
        foreach (string title in (string[])["p50", "p99", "p99.9", "slowest"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var row in run.Entries.Where(entry => entry.Unit == "us").GroupBy(entry => entry.Parameters["calls"]))
            table.AddRow([row.Key, .. s_shares.Select(share => FormattableString.Invariant($"{row.First(entry => entry.Parameters["share"] == share).Value:0.0} us"))]);
        return table;
    }
}
