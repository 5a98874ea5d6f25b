using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Scoring;

namespace ChurnEngine.Bench;

/// <summary>Scores everybody at the project's date: features, model, Parquet out.</summary>
internal sealed class ScoreStage(StageOptions options, StageCache cache, int reasons) : StageWorkload(options, cache)
{
    private ProjectData _data = null!;
    private ChurnModel _model = null!;
    private IModelBackend _backend = null!;
    private PlanScoringSource _source = null!;
    private string _folder = "";

    public override string RowUnit => "customers";

    public override void Prepare()
    {
        _folder = Cache.Scratch("scored");
        _model = ModelFile.Load(Cache.Model());
        _backend = OnnxModelBackend.Open(_model);
        _data = new ProjectData(Cache.Project(), Options.Budget);
        FeaturePlan plan = _data.Project.Plan.WithCategoriesOf(FeaturePlan.Parse(_model.Metadata.Plan, "plan of the model"));
        long asOf = _data.Project.Score.AsOf ?? _data.Data.LastKnownAt ?? throw new BenchException("the world has no event", "raise --customers");
        _source = new PlanScoringSource(new Featurizer(plan, _data.Data), asOf);
    }

    public override void Reset()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    public override long Run()
    {
        var options = new ScoringOptions { OutputDirectory = _folder, Reasons = reasons, EngineVersion = "bench" };
        var run = new ScoringRun(Options.Budget, _data.OpenParquet, null, CancellationToken.None);
        return ScoringJob.Run(_source, _model, _backend, options, run).Manifest.Rows;
    }

    // A walk that tests one node after another reads a node and a value for each; a model of a hundred trees lies in the second-level cache.
    public override LimitedWork Work(long rows) =>
        new(MachineLimit.Of(MachineLimit.RandomRead, MachineLimit.L2, Options.Threads > 1), 2.0 * rows * _model.Ensemble.Trees.Sum(MeanDepth));

    public override void Dispose()
    {
        Reset();
        _data?.Dispose();
        _backend?.Dispose();
        base.Dispose();
    }

    /// <summary>Nodes that a training row passed on its way to a leaf, on average.</summary>
    internal static double MeanDepth(DecisionTree tree)
    {
        double total = tree.LeafCover.Sum();
        double[] cover = new double[tree.NodeCount];
        for (int node = tree.NodeCount - 1; node >= 0; node--)
            cover[node] = Cover(tree.Left[node]) + Cover(tree.Right[node]);
        return total > 0 ? cover.Sum() / total : 0;

        double Cover(int child) => child >= 0 ? cover[child] : tree.LeafCover[~child];
    }
}
