using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Reads all tables and groups their rows by customer and time, where training and scoring both begin.</summary>
internal sealed class GroupStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    private ProjectConfig _project = null!;

    public override string RowUnit => "rows of all tables";

    public override void Prepare() => _project = Cache.Project();

    public override long Run()
    {
        using var data = new ProjectData(_project, Options.Budget);
        return data.Data.RowsRead;
    }

    // Each row is decoded into a column, read, written where its customer's rows stand, and read by the sums that follow.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 4.0 * GenerateStage.BytesARow * rows);
}
