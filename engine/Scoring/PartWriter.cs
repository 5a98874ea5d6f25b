using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Computes partitions and writes each to the output, with a record of what it holds.</summary>
internal sealed class PartWriter(IScoringSource source, PartitionScorer scorer, OutputFolder folder, IPartOutput output, ScoringRun run)
{
    private long _customersDone;

    /// <summary>Writes the parts of some partitions, and puts their records in their places.</summary>
    public JobProfile Write(IReadOnlyList<int> partitions, PartRecord?[] records)
    {
        _customersDone = records.Sum(record => record?.Customers ?? 0);
        var flow = new PartFlow(run.Budget, run.Cancellation);
        flow.Run(partitions, source.Load, scorer.ScorePart, part => records[part.Partition] = WritePart(part));
        return flow.Profile;
    }

    private PartRecord WritePart(ScoredPart part)
    {
        ManifestPart? written = part.Batch.Length > 0 ? output.Write(part) : null;
        var record = new PartRecord { Customers = part.Customers, NotAtRisk = part.NotAtRisk, LeftOut = part.LeftOut, Part = written, Scores = part.Scores };
        folder.WriteRecord(part.Partition, record);
        run.Progress?.Report(new StepProgress("score", Interlocked.Add(ref _customersDone, part.Customers), source.CustomerCount));
        return record;
    }
}
