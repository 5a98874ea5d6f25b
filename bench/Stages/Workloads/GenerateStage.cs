using ChurnEngine.DataGen;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Makes the world.</summary>
internal sealed class GenerateStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    /// <summary>Two keys or counts of 8 bytes, two instants, a kind and a device code: about what a row of the world holds.</summary>
    internal const int BytesARow = 40;
    private string _folder = "";

    public override string RowUnit => "rows of events, payments and tickets";

    public override void Prepare() => _folder = Cache.Scratch("generated");

    public override void Reset()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public override long Run()
    {
        using var tables = new NativeTables(Options.Budget);
        WorldReport report = DataGen.World.Generate(Cache.WorldOptions(Options.Budget), _folder, tables.OpenParquet, null, CancellationToken.None);
        return report.Events + report.Payments + report.Tickets;
    }

    // Each row is written into a column once and read once on its way to the file.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 2.0 * BytesARow * rows);

    public override void Dispose()
    {
        Reset();
        base.Dispose();
    }
}
