using ChurnEngine.Models;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>Scores as many customers as the options say out of an offline feature store: read, model, Parquet out. Nothing is grouped, so memory must not grow with them.</summary>
internal sealed class ScoreStoreStage(StageOptions options, StageCache cache, OpenModelBackend backend) : StageWorkload(options, cache)
{
    private string _folder = "", _store = "", _model = "";
    private double _depth;

    public override string RowUnit => "customers";

    public override void Prepare()
    {
        var rows = new RepeatedStore(Options, Cache);
        (_store, _model) = (rows.Store(), rows.Model());
        _folder = Cache.Scratch("scored");
        _depth = ModelFile.Load(_model).Ensemble.Trees.Sum(ScoreStage.MeanDepth);
    }

    public override void Reset()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public override long Run()
    {
        var request = new ScoreRequest { OutputDirectory = _folder, Reasons = 0, EngineVersion = "bench" };
        return ScoreStep.Run(ScoreInput.OfStore(_store, null), new ModelChoice(_model, backend), request, new StepContext(Options.Budget, null, CancellationToken.None)).Rows;
    }

    public override LimitedWork Work(long rows) =>
        new(MachineLimit.Of(MachineLimit.RandomRead, MachineLimit.L2, Options.Threads > 1), 2.0 * rows * _depth);

    public override void Dispose()
    {
        Reset();
        base.Dispose();
    }
}
