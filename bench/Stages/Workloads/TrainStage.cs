using ChurnEngine.Features;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench;

/// <summary>Bins the training rows and boosts a fixed number of trees on them.</summary>
internal sealed class TrainStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    private TrainingSet _set = null!;
    private LabelledRows _rows = null!;
    private BoosterOptions _booster = null!;
    private double _updates;

    public override string RowUnit => "training rows";

    public override void Prepare()
    {
        using var data = new ProjectData(Cache.Project(), Options.Budget);
        _set = data.TrainingSet(Options);
        int rows = checked((int)_set.Snapshots.Take(Options.Snapshots).Sum(snapshot => snapshot.Count));
        _rows = new LabelledRows(_set.Matrix.View(0, rows), _set.Labels.AsMemory(0, rows));
        _booster = data.Project.Train.Booster with { Threads = Options.Threads };
    }

    public override long Run()
    {
        BoosterResult result = Booster.Fit(_rows, null, _booster);
        _updates = result.Ensemble.Trees.Sum(RowsCounted) * _rows.Matrix.FeatureCount;
        return _rows.Matrix.RowCount;
    }

    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.ScatterAdd, MachineLimit.L1, Options.Threads > 1), _updates);

    public override void Dispose()
    {
        _set?.Dispose();
        base.Dispose();
    }

    /// <summary>Rows that must enter a histogram to grow this tree: all at the root, then those of the smaller child of each split; the larger is a difference.</summary>
    internal static double RowsCounted(DecisionTree tree)
    {
        double[] cover = new double[tree.NodeCount];
        double smaller = 0;
        // Children come after their parents.
        for (int node = tree.NodeCount - 1; node >= 0; node--)
        {
            double left = Cover(tree.Left[node]), right = Cover(tree.Right[node]);
            cover[node] = left + right;
            smaller += Math.Min(left, right);
        }
        return (tree.NodeCount > 0 ? cover[0] : tree.LeafCover.Sum()) + smaller;

        double Cover(int child) => child >= 0 ? cover[child] : tree.LeafCover[~child];
    }
}
