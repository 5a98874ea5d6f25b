using ChurnEngine.Columns;

namespace ChurnEngine.Bench.RealData;

/// <summary>Invoice lines, read as they are.</summary>
internal sealed class OnlineRetail : IRealDataSet
{
    public string Source => "online_retail";

    public string Name => "online_retail";

    public string Recency => "days_since_line";

    public void WriteTables(string source, string project) => AtomicFile.Write(Path.Combine(project, "online_retail.parquet"), to =>
    {
        using FileStream from = File.OpenRead(Path.Combine(source, "online_retail.parquet"));
        from.CopyTo(to);
    });
}
