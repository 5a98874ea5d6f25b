using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Reads finished scores and writes the action plan.</summary>
internal sealed class DecideStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    private ProjectConfig _project = null!;
    private string _scores = "", _plan = "";

    public override string RowUnit => "customers";

    public override void Prepare()
    {
        _scores = Cache.Scores();
        _project = Cache.Project();
        _plan = Cache.Scratch("plan") + ".csv";
    }

    public override long Run() =>
        DecideStep.Run(_scores, _project, new DecisionOverrides { Out = _plan }, new StepContext(Options.Budget, null, CancellationToken.None)).Scored;

    // Key and probability, 12 bytes a row, are decoded and read once.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 24.0 * rows);

    public override void Dispose()
    {
        File.Delete(_plan);
        base.Dispose();
    }
}
