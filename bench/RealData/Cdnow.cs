using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench.RealData;

/// <summary>Purchases. The file's columns stand apart by blanks, which is no delimited text, and its dates have no dashes.</summary>
internal sealed class Cdnow : IRealDataSet
{
    public string Source => "cdnow";

    public string Name => "cdnow";

    public string Recency => "days_since_purchase";

    public void WriteTables(string source, string project)
    {
        var csv = new StringBuilder("customer,at,discs,dollars\n");
        foreach (string line in File.ReadLines(Path.Combine(source, "CDNOW_master.txt")).Skip(1))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string customer, { Length: 8 } date, string discs, string dollars])
                csv.Append(customer).Append(',').Append(date.AsSpan(0, 4)).Append('-').Append(date.AsSpan(4, 2)).Append('-').Append(date.AsSpan(6, 2)).Append(',').Append(discs).Append(',').Append(dollars).Append('\n');
            else if (line.Length > 0)
                throw new BenchException($"CDNOW_master.txt has a line that is no purchase: '{line}'", "bring the file named in its SOURCE.txt");
        }
        AtomicFile.WriteText(Path.Combine(project, "purchases.csv"), csv.ToString());
    }
}
