using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>Computes a plan's features again from data with rows taken out, and says what changed.</summary>
/// <param name="plan">With frozen categories, so that codes mean the same in both.</param>
/// <param name="whole">All data.</param>
/// <param name="load">Loads the same tables without some rows; what it gives is disposed here.</param>
/// <param name="run">Threads, and a way to be stopped.</param>
public sealed class Recomputation(FeaturePlan plan, CustomerData whole, Func<RowCut, CustomerData> load, (JobBudget Budget, CancellationToken Cancellation) run)
{
    /// <summary>The plan.</summary>
    public FeaturePlan Plan => plan;

    /// <summary>Cells of the matrix that were compared so far.</summary>
    public long CellsCompared { get; private set; }

    /// <summary>What differs at each instant, once the rows are gone.</summary>
    internal IReadOnlyList<(long AsOf, SnapshotDifference Difference)> Without(RowCut cut, IReadOnlyList<long> asOf)
    {
        using CustomerData rest = load(cut);
        var all = new Featurizer(plan, whole);
        var some = new Featurizer(plan, rest);
        var differences = new List<(long, SnapshotDifference)>();
        foreach (long instant in asOf)
        {
            using FeatureSnapshot before = all.Compute(instant, Population.Scoring, run.Budget, run.Cancellation);
            using FeatureSnapshot after = some.Compute(instant, Population.Scoring, run.Budget, run.Cancellation);
            CellsCompared += before.Matrix.RowCount * before.Matrix.FeatureCount;
            differences.Add((instant, SnapshotDifference.Between(before, after)));
        }
        return differences;
    }
}
