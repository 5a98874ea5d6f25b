using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Scoring;

/// <summary>Customers of a plan as of one instant, featurized partition by partition.</summary>
/// <param name="featurizer">Plan (the model's categories) and data; must stay alive.</param>
/// <param name="asOf">Microseconds since 1970 UTC; ignored by a plain table, which has no time.</param>
public sealed class PlanScoringSource(Featurizer featurizer, long asOf) : IScoringSource
{
    /// <inheritdoc/>
    public string KeyName => featurizer.Plan.Entity;

    /// <inheritdoc/>
    public ColumnType KeyType => featurizer.Data.KeyType;

    /// <inheritdoc/>
    public IReadOnlyList<FeatureInfo> Features => featurizer.Plan.Features;

    /// <inheritdoc/>
    public long? AsOf => featurizer.Plan.IsTimeless ? null : asOf;

    /// <inheritdoc/>
    public int PartitionCount => featurizer.PartitionCount;

    /// <inheritdoc/>
    public long CustomerCount => featurizer.Data.CustomerCount;

    /// <inheritdoc/>
    public ScoringPartition Load(int partition)
    {
        long instant = AsOf ?? FeatureSnapshot.Timeless;
        FeatureSnapshot snapshot = featurizer.ComputePartition(instant, Population.Scoring, partition);
        return new ScoringPartition(snapshot.Matrix, snapshot.Keys, featurizer.CustomersIn(partition) - snapshot.Matrix.RowCount);
    }
}
