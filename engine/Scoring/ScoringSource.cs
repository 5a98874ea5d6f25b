using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>What the rows to score are like, wherever they come from.</summary>
public interface IFeatureRows
{
    /// <summary>Name of the key column, as the output calls it.</summary>
    string KeyName { get; }

    /// <summary>Int64 or Utf8.</summary>
    ColumnType KeyType { get; }

    /// <summary>The F features, in the order of the matrix.</summary>
    IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>Instant the features are as of, microseconds since 1970 UTC; null for a table without time.</summary>
    long? AsOf { get; }
}

/// <summary>A customer base cut into partitions, each of which is featurized when its turn comes.</summary>
public interface IScoringSource : IFeatureRows
{
    /// <summary>How many partitions there are; the same for the same data, whatever the machine.</summary>
    int PartitionCount { get; }

    /// <summary>Customers of all partitions, those without a row among them.</summary>
    long CustomerCount { get; }

    /// <summary>Computes one partition; the caller disposes it. Thread-safe.</summary>
    ScoringPartition Load(int partition);
}

/// <summary>Some customers with their features.</summary>
/// <param name="Matrix">[N, F] features.</param>
/// <param name="Keys">[N] keys; owned.</param>
/// <param name="NotAtRisk">Customers of the partition that have no row: gone already, or not there yet.</param>
public sealed record ScoringPartition(FeatureMatrix Matrix, Column Keys, long NotAtRisk) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Keys.Dispose();
    }
}
