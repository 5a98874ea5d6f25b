using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>What a scoring job did.</summary>
/// <param name="Manifest">The output.</param>
/// <param name="PartsWritten">Parts computed by this run.</param>
/// <param name="PartsKept">Parts that an earlier run of the same job had finished.</param>
public sealed record ScoringReport(Manifest Manifest, int PartsWritten, int PartsKept);

/// <summary>Scores a customer base partition by partition into a folder of parts that is complete or visibly not.</summary>
/// <remarks>Memory: the partitions in flight, one a thread. Determinism: same inputs and options, same bytes in every part, for any number of threads.</remarks>
public static class ScoringJob
{
    /// <summary>Runs the job, or what is missing of it, up to the manifest; <paramref name="beforeSeal"/> may add files, then <c>_SUCCESS</c> is written.</summary>
    /// <param name="source">Customers and features.</param>
    /// <param name="model">Model whose features the source must have.</param>
    /// <param name="backend">Runs the model; not disposed here.</param>
    /// <param name="options">What to write.</param>
    /// <param name="run">Budget, file format, progress and cancellation.</param>
    /// <param name="beforeSeal">Called when all parts are there, with the report and the folder to add to, which is not always the output folder yet.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when the folder holds something else; <see cref="ChurnModelException"/> when features do not fit.</remarks>
    public static ScoringReport Run(IScoringSource source, ChurnModel model, IModelBackend backend, ScoringOptions options, ScoringRun run, Action<ScoringReport, string>? beforeSeal = null)
    {
        var scorer = new PartitionScorer(source, model, backend, options);
        Manifest job = Identify(source, model, backend, options, scorer);
        using var folder = OutputFolder.Open(options.OutputDirectory);
        using IPartOutput output = PartOutputs.Open(job, options, run.OpenSink, scorer.Schema);
        if (folder.FindComplete(job, output) is { } done)
            return new ScoringReport(done, 0, done.Parts.Count);
        folder.Claim(job, options.Overwrite);
        output.Begin(folder.WorkDirectory);
        Manifest? before = Manifest.TryRead(folder.WorkDirectory);

        var parts = new ManifestPart?[source.PartitionCount];
        int written = 0;
        long rowsDone = 0;
        Parallel.For(0, source.PartitionCount, run.Budget.ParallelOptions(run.Cancellation), partition =>
        {
            if (output.IsThere(partition))
            {
                parts[partition] = Recount(source, scorer, (folder, output), partition, before);
            }
            else
            {
                parts[partition] = WritePart(source, scorer, output, partition);
                Interlocked.Increment(ref written);
            }
            run.Progress?.Report(new StepProgress("score", Interlocked.Add(ref rowsDone, parts[partition]?.Rows ?? 0), source.RowCount));
        });

        ManifestPart[] present = [.. parts.OfType<ManifestPart>()];
        Manifest manifest = job with { Parts = present, Rows = present.Sum(part => part.Rows) };
        folder.WriteManifest(manifest);
        var report = new ScoringReport(manifest, written, present.Length - written);
        beforeSeal?.Invoke(report, folder.WorkDirectory);
        output.Seal(manifest);
        folder.Seal();
        return report;
    }

    private static Manifest Identify(IScoringSource source, ChurnModel model, IModelBackend backend, ScoringOptions options, PartitionScorer scorer) => new Manifest
    {
        JobKey = "",
        EngineVersion = options.EngineVersion,
        ModelVersion = model.Version,
        PlanHash = model.Metadata.PlanHash,
        AsOf = source.AsOf is { } asOf ? DateTime.UnixEpoch.AddMicroseconds(asOf).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture) : null,
        Backend = backend.Name,
        Columns = [.. scorer.Schema.Fields.Select(field => field.Name)],
        Reasons = options.Reasons == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{options.Reasons} from {scorer.ReasonsFrom:R}"),
        Where = scorer.Where ?? "all",
        Risk = options.Risk?.ToString() ?? "none",
        Format = options.Format.NameOf(),
        Database = PartOutputs.Describe(options),
        Inputs = options.Inputs,
    }.WithKey();

    private static ManifestPart? WritePart(IScoringSource source, PartitionScorer scorer, IPartOutput output, int partition)
    {
        using ScoringPartition rows = source.Load(partition);
        if (rows.Matrix.RowCount == 0 && rows.Refused == 0)
            return null;
        using ScoredPartition scored = scorer.Score(partition, rows);
        return output.Write(partition, scored);
    }

    // A part of an interrupted run is whole, since it was renamed into place; its row count is what its partition has to give.
    private static ManifestPart Recount(IScoringSource source, PartitionScorer scorer, (OutputFolder Folder, IPartOutput Output) there, int partition, Manifest? before)
    {
        if (there.Output.Recall(partition) is { } remembered)
            return remembered;
        string name = there.Output.PartName(partition);
        string hash = there.Output.Hash(there.Folder.WorkDirectory, name)!;
        if (before?.Parts.FirstOrDefault(part => part.Name == name && part.Sha256 == hash) is { } known)
            return known;
        using ScoringPartition rows = source.Load(partition);
        long leftOut = scorer.CountLeftOut(partition, rows);
        return new ManifestPart(name, rows.Matrix.RowCount - leftOut, hash) { LeftOut = leftOut, Refused = rows.Refused };
    }
}

/// <summary>What a scoring run may use.</summary>
/// <param name="Budget">Threads and memory.</param>
/// <param name="OpenSink">Opens a part file of <see cref="ScoringOptions.Format"/>; not called for a database.</param>
/// <param name="Progress">Told of every finished partition; may be null.</param>
/// <param name="Cancellation">Stops between partitions; what is finished stays.</param>
public sealed record ScoringRun(JobBudget Budget, OpenBatchSink OpenSink, IProgress<StepProgress>? Progress, CancellationToken Cancellation);
