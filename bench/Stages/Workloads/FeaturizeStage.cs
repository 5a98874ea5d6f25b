using ChurnEngine.Features;

namespace ChurnEngine.Bench;

/// <summary>Features and labels of every customer at risk, at the training snapshots and the three after them.</summary>
internal sealed class FeaturizeStage(StageOptions options, StageCache cache) : StageWorkload(options, cache)
{
    private ProjectData _data = null!;
    private int _features;

    public override string RowUnit => "customers at as-of dates";

    public override void Prepare() => _data = new ProjectData(Cache.Project(), Options.Budget);

    public override long Run()
    {
        using TrainingSet set = _data.TrainingSet(Options);
        _features = set.Matrix.FeatureCount;
        return set.Matrix.RowCount;
    }

    // Windows are differences of prefix sums: two values read and one written, 8 + 8 + 4 bytes, is the least a feature takes.
    public override LimitedWork Work(long rows) => new(MachineLimit.Of(MachineLimit.Copy, MachineLimit.Dram, Options.Threads > 1), 20.0 * _features * rows);

    public override void Dispose()
    {
        _data?.Dispose();
        base.Dispose();
    }
}
