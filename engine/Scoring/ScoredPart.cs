using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>A partition that is computed and not yet written: its customers are the rows of the batch, those left out and those not at risk.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="NotAtRisk">Customers without a row.</param>
/// <param name="LeftOut">Customers that the condition of <see cref="ScoredColumns.Where"/> left out.</param>
/// <param name="Batch">[N] what is written, 0 rows and up; owned.</param>
/// <param name="Scores">The predictions, counted; those left out among them.</param>
internal sealed record ScoredPart(int Partition, long NotAtRisk, long LeftOut, RecordBatch Batch, ScoreSketch Scores) : IDisposable
{
    /// <summary>Customers of the partition.</summary>
    public long Customers => NotAtRisk + LeftOut + Batch.Length;

    /// <inheritdoc/>
    public void Dispose() => Batch.Dispose();
}
