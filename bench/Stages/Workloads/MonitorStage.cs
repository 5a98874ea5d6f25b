using ChurnEngine.Models;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Watches as many customers as the options say out of an offline feature store: read, count into the training's bins, score, judge.</summary>
internal sealed class MonitorStage(StageOptions options, StageCache cache, OpenModelBackend backend) : StageWorkload(options, cache)
{
    private string _store = "", _model = "";
    private int _features;

    public override string RowUnit => "customers";

    public override void Prepare()
    {
        var rows = new RepeatedStore(Options, Cache);
        (_store, _model) = (rows.Store(), rows.Model());
        _features = ModelFile.Load(_model).Metadata.Features.Count;
    }

    public override long Run() =>
        MonitorStep.Run(ScoreInput.OfStore(_store, null), project: null, new MonitorRequest(), new ModelChoice(_model, backend), new StepContext(Options.Budget, null, CancellationToken.None)).Customers;

    // Every value is written once by the reader of the store, and read once to be counted and once to be scored; scores are few beside them.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 3.0 * sizeof(float) * _features * rows);
}
