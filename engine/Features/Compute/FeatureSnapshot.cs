using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of one partition within a snapshot.</summary>
/// <param name="Partition">Number of the partition.</param>
/// <param name="Start">First row.</param>
/// <param name="Count">Rows.</param>
public readonly record struct PartitionRange(int Partition, int Start, int Count);

/// <summary>The features of a population at one instant.</summary>
/// <remarks>Rows stand by partition and, within one, by key. Owns its matrix and keys; dispose it once.</remarks>
public sealed class FeatureSnapshot : IDisposable
{
    /// <summary>The as-of instant of a plain table, which has no time.</summary>
    public const long Timeless = 0;

    internal FeatureSnapshot(FeatureMatrix matrix, Column keys, long asOf, IReadOnlyList<PartitionRange> partitions) =>
        (Matrix, Keys, AsOf, Partitions) = (matrix, keys, asOf, partitions);

    /// <summary>[N, F] features.</summary>
    public FeatureMatrix Matrix { get; }

    /// <summary>[N] keys of the customers, Int64 or Utf8.</summary>
    public Column Keys { get; }

    /// <summary>Microseconds since 1970 UTC; <see cref="Timeless"/> for a plain table.</summary>
    public long AsOf { get; }

    /// <summary>Which rows belong to which partition, in row order.</summary>
    public IReadOnlyList<PartitionRange> Partitions { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Keys.Dispose();
    }
}
