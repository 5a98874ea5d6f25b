using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>The rows of one partition as they are written, and how many of it are not: rows in = rows of the batch + left out + refused.</summary>
/// <param name="Batch">[N] rows; owned.</param>
/// <param name="LeftOut">Rows that the condition of <see cref="ScoredColumns.Where"/> left out.</param>
/// <param name="Refused">Rows that the source could not make features of.</param>
internal sealed record ScoredPartition(RecordBatch Batch, long LeftOut, long Refused) : IDisposable
{
    /// <summary>The part's entry in the manifest.</summary>
    public ManifestPart Describe(string name, string sha256) => new(name, Batch.Length, sha256) { LeftOut = LeftOut, Refused = Refused };

    /// <inheritdoc/>
    public void Dispose() => Batch.Dispose();
}
