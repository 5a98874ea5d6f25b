using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Scoring;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Deciding;

/// <summary>Scores as a finished job leaves them, with columns beside them, as CSV.</summary>
internal static class ScoreFolder
{
    /// <summary>Customers c-0000 on: probability, region, tenure and worth from their number.</summary>
    public static string Write(TemporaryDirectory folder, string name, int rows, string calibration = "platt", string? asOf = "2024-12-26", Func<int, double>? probability = null)
    {
        var text = new StringBuilder("customer_id,probability,margin,region,tenure,worth\n");
        for (int row = 0; row < rows; row++)
            text.Append(CultureInfo.InvariantCulture, $"{Id(row)},{(probability ?? ProbabilityOf)(row):R},0,{RegionOf(row)},{row % 50},{WorthOf(row)}\n");
        return Write(folder, name, text, rows, ["customer_id", "probability", "margin", "region", "tenure", "worth"], calibration, asOf);
    }

    /// <summary>Scores of a value model for the even customers.</summary>
    public static string WriteValues(TemporaryDirectory folder, string name, int rows)
    {
        var text = new StringBuilder("customer_id,value\n");
        for (int row = rows - 2; row >= 0; row -= 2)
            text.Append(CultureInfo.InvariantCulture, $"{Id(row)},{1000 + row}\n");
        return Write(folder, name, text, rows / 2, ["customer_id", "value"], null, "2024-12-26");
    }

    public static string Id(int row) => $"c-{row:0000}";

    public static double ProbabilityOf(int row) => row * 37 % 100 / 100.0;

    public static string RegionOf(int row) => (row % 3) switch { 0 => "north", 1 => "south", _ => "" };

    public static int WorthOf(int row) => 100 + row % 7 * 100;

    private static string Write(TemporaryDirectory folder, string name, StringBuilder text, int rows, string[] columns, string? calibration, string? asOf)
    {
        folder.Write($"{name}/part-00000.csv", text.ToString());
        var manifest = new Manifest
        {
            JobKey = "key",
            EngineVersion = "0",
            ModelVersion = "m-1",
            PlanHash = "p",
            AsOf = asOf,
            Backend = "walk",
            Columns = columns,
            Reasons = "none",
            Format = "csv",
            Calibration = calibration,
            Inputs = [],
            Rows = rows,
            Customers = rows,
            Partitions = 1,
            Parts = [new ManifestPart(0, "part-00000.csv", rows, "")],
        };
        folder.Write($"{name}/{Manifest.FileName}", ManifestJson.Write(manifest));
        folder.Write($"{name}/_SUCCESS", "");
        return folder[name];
    }
}
