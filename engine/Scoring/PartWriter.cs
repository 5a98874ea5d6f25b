using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Computes partitions and writes each into the output folder, with a record of what it holds.</summary>
internal sealed class PartWriter(IScoringSource source, PartitionScorer scorer, OutputFolder folder, ScoringRun run)
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
        ManifestPart? written = null;
        if (part.Batch is { } batch)
        {
            string path = folder.PartPath(part.Partition);
            WriteFile(run, path, batch);
            written = new ManifestPart(part.Partition, OutputFolder.PartName(part.Partition), batch.Length, OutputFolder.HashFile(path));
        }
        var record = new PartRecord { Customers = part.Customers, NotAtRisk = part.NotAtRisk, Part = written, Scores = part.Scores };
        folder.WriteRecord(part.Partition, record);
        run.Progress?.Report(new StepProgress("score", Interlocked.Add(ref _customersDone, part.Customers), source.CustomerCount));
        return record;
    }

    /// <summary>Writes a batch into a file that takes its name when it is whole.</summary>
    public static void WriteFile(ScoringRun run, string path, RecordBatch batch)
    {
        using IBatchSink sink = run.OpenSink(path, batch.Schema);
        sink.Write(batch);
        sink.Complete();
    }
}
