using System.Security.Cryptography;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Hashes the files that a plan reads: what makes a rerun the same job.</summary>
internal static class InputHash
{
    /// <summary>All files of all tables, in plan order and by name within a table; hashed in parallel.</summary>
    public static InputFile[] Of(FeaturePlan plan, IngestSession session, StepContext context)
    {
        string[] paths = [.. plan.Tables.SelectMany(table => session.ListFiles(table.Source ?? throw PipelineErrors.NoSource(table.Name)))];
        return Of(paths, context);
    }

    /// <summary>Some files, in that order; hashed in parallel.</summary>
    public static InputFile[] Of(IReadOnlyList<string> paths, StepContext context)
    {
        var files = new InputFile[paths.Count];
        int done = 0;
        Parallel.For(0, paths.Count, context.Budget.ParallelOptions(context.Cancellation), i =>
        {
            using FileStream stream = new(paths[i], FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            files[i] = new InputFile(paths[i], stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
            context.Progress?.Report(new StepProgress("hash inputs", Interlocked.Increment(ref done), paths.Count));
        });
        return files;
    }
}
