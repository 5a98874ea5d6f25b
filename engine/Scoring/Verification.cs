using System.Collections.Concurrent;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>A part that is not what it should be.</summary>
/// <param name="Name">File name within the folder.</param>
/// <param name="Problem">What is wrong, in words.</param>
public sealed record PartProblem(string Name, string Problem);

/// <summary>What verifying a finished job found.</summary>
/// <param name="Parts">Parts computed again and compared.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Problems">Parts that differ, by name; empty when all is as the manifest says.</param>
public sealed record VerificationReport(int Parts, long Rows, IReadOnlyList<PartProblem> Problems);

/// <summary>Computes a finished job again, part by part, into a temporary folder, and compares bytes.</summary>
internal static class Verification
{
    public static VerificationReport Run(Manifest job, IScoringSource source, PartitionScorer scorer, ScoringOptions options, ScoringRun run)
    {
        string directory = options.OutputDirectory;
        Manifest done = Manifest.TryRead(directory) is { } found && File.Exists(Path.Combine(directory, Replacement.Success)) ? found : throw ScoringErrors.NotFinished(directory);
        if (done.JobKey != job.JobKey)
            throw ScoringErrors.OtherJob(directory, Manifest.Difference(done, job));
        using IPartOutput output = PartOutputs.Open(job, options, run.OpenSink, scorer.Schema);
        var expected = done.Parts.ToDictionary(part => part.Partition);
        var problems = new ConcurrentBag<PartProblem>();
        long customers = 0;
        string temporary = Path.Combine(Path.GetTempPath(), $"churn-verify-{Guid.NewGuid():N}");
        FileChanges.CreateFolder(temporary);
        try
        {
            var flow = new PartFlow(run.Budget, run.Cancellation);
            flow.Run([.. Enumerable.Range(0, job.Partitions)], source.Load, scorer.ScorePart, part =>
            {
                if (Compare(part, expected.GetValueOrDefault(part.Partition), (directory, temporary), output) is { } problem)
                    problems.Add(problem);
                run.Progress?.Report(new StepProgress("verify", Interlocked.Add(ref customers, part.Customers), source.CustomerCount));
            });
        }
        finally
        {
            FileChanges.Delete(temporary);
        }
        foreach (string stray in FilePartOutput.In(directory).Select(path => Path.GetFileName(path)!).Except(done.Parts.Select(part => part.Name)))
            problems.Add(new PartProblem(stray, "is there, and the manifest does not know it"));
        return new VerificationReport(done.Parts.Count, done.Rows, [.. problems.OrderBy(problem => problem.Name, StringComparer.Ordinal)]);
    }

    private static PartProblem? Compare(ScoredPart part, ManifestPart? expected, (string Result, string Temporary) folders, IPartOutput output)
    {
        string name = output.PartName(part.Partition);
        if (part.Batch.Length == 0)
            return expected is null ? null : new PartProblem(name, "has rows where the data has none");
        if (expected is null)
            return new PartProblem(name, $"is missing from the manifest: {part.Batch.Length} rows belong there");
        string? there = output.Hash(folders.Result, name);
        if (there is null)
            return new PartProblem(name, "is gone");
        if (there != expected.Sha256)
            return new PartProblem(name, "was changed after the job: it is not what the manifest says");
        return output.HashOf(part, folders.Temporary) == expected.Sha256 && part.Batch.Length == expected.Rows ? null : new PartProblem(name, "computed again it comes out different");
    }
}
