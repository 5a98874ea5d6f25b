using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Reads every table to its end and checks each row, as `churn validate` does.</summary>
internal sealed class IngestStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    private ProjectConfig _project = null!;

    public override string RowUnit => "rows of all tables";

    public override void Prepare() => _project = Cache.Project();

    public override long Run() =>
        ValidateStep.Run(_project, new StepContext(Options.Budget, null, CancellationToken.None)).Tables.Sum(table => table.Rows);

    // Each row is decoded into a column and read once by the checks.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 2.0 * GenerateStage.BytesARow * rows);
}
