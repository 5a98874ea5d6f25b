using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>What a scoring job did.</summary>
/// <param name="Manifest">The output; of a slice its own parts alone.</param>
/// <param name="PartsWritten">Parts computed by this run.</param>
/// <param name="PartsKept">Parts that an earlier run of the same job had finished.</param>
/// <param name="Profile">Where the threads spent their time; null when there was nothing to do.</param>
public sealed record ScoringReport(Manifest Manifest, int PartsWritten, int PartsKept, JobProfile? Profile);

/// <summary>Scores a customer base partition by partition into a folder of parts that is complete or visibly not.</summary>
/// <remarks>Memory: the partitions in flight (<see cref="PartFlow"/>). Determinism: same inputs and options, same bytes in every part, for any number of threads, slices and restarts.</remarks>
public static class ScoringJob
{
    /// <summary>Runs the job, or what is missing of it, up to the manifest; <paramref name="beforeSeal"/> may add files, then <c>_SUCCESS</c> is written. A slice does its partitions and leaves the rest to <see cref="Finish"/>.</summary>
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
        using var folder = OutputFolder.Open(options.OutputDirectory, options.Slice);
        // Before the folder is claimed: a database that cannot be reached, or holds something else, must change nothing.
        using IPartOutput output = PartOutputs.Open(job, options, run.OpenSink, scorer.Schema);
        folder.Claim(job, options.Overwrite);
        output.Begin(folder.WorkDirectory);
        var writer = new PartWriter(source, scorer, folder, output, run);
        if (folder.FindManifest(job, output) is { } there && Repair((folder, output), there, writer, beforeSeal) is { } repaired)
            return repaired;
        folder.ShareWithSlices();

        (int from, int end) = options.Slice.Of(source.PartitionCount);
        var records = new PartRecord?[source.PartitionCount];
        Parallel.For(from, end, run.Budget.ParallelOptions(run.Cancellation), partition => records[partition] = folder.FindRecord(partition, output));
        int kept = records.Count(record => record?.Part is not null);
        JobProfile profile = writer.Write([.. Enumerable.Range(from, end - from).Where(partition => records[partition] is null)], records);

        PartRecord[] done = [.. records[from..end].Select(record => record!)];
        Manifest manifest = Complete(job, done);
        var report = new ScoringReport(manifest, manifest.Parts.Count - kept, kept, profile);
        if (!options.Slice.IsWhole)
        {
            beforeSeal?.Invoke(report, folder.WorkDirectory);
            return report;
        }
        Seal(folder, output, manifest, () => beforeSeal?.Invoke(report, folder.WorkDirectory));
        return report;
    }

    /// <summary>Completes a job whose slices are all done: checks every part, writes the manifest and <c>_SUCCESS</c>. A finished job stays as it is.</summary>
    /// <param name="directory">Folder that the slices wrote into.</param>
    /// <param name="cancellation">Stops before the manifest is written.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6030 when there is no such job; <see cref="ChurnTransientException"/> CE6031 when partitions are missing, CE6005 while a slice is at work.</remarks>
    public static Manifest Finish(string directory, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
            throw ScoringErrors.NothingToFinish(directory);
        if (OutputFolder.OpenUnfinished(directory) is not { } unfinished)
            return Manifest.TryRead(directory) is { } sealedBefore ? sealedBefore : throw ScoringErrors.NothingToFinish(directory);
        (OutputFolder folder, Manifest job) = unfinished;
        using (folder)
        {
            if (OutputFormats.Find(job.Format) is not { } format || !format.IsFile())
                throw ScoringErrors.FinishedByItself(directory, job.Format);
            using var output = new FilePartOutput(format, (path, _) => throw new InvalidOperationException($"nothing is written to {path}"), new Schema());
            output.Begin(folder.WorkDirectory);
            PartRecord?[] records = [.. Enumerable.Range(0, job.Partitions).AsParallel().AsOrdered().WithCancellation(cancellation).Select(partition => folder.FindRecord(partition, output))];
            int[] missing = [.. Enumerable.Range(0, records.Length).Where(partition => records[partition] is null)];
            if (missing.Length > 0)
                throw ScoringErrors.SlicesMissing(directory, missing, records.Length);
            Manifest manifest = Complete(job, [.. records.Select(record => record!)]);
            cancellation.ThrowIfCancellationRequested();
            Seal(folder, output, manifest, () => { });
            return manifest;
        }
    }

    /// <summary>Computes every part of a finished job again and compares it with the manifest and with the file; changes nothing.</summary>
    /// <param name="source">As in the job.</param>
    /// <param name="model">As in the job.</param>
    /// <param name="backend">As in the job.</param>
    /// <param name="options">As in the job.</param>
    /// <param name="run">Budget, file format, progress and cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6032 when the folder holds no finished job, CE6033 when it holds another one.</remarks>
    public static VerificationReport Verify(IScoringSource source, ChurnModel model, IModelBackend backend, ScoringOptions options, ScoringRun run)
    {
        var scorer = new PartitionScorer(source, model, backend, options);
        Manifest job = Identify(source, model, backend, options, scorer);
        return Verification.Run(job, source, scorer, options, run);
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
        Reasons = options.Reasons == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{options.Reasons} from {scorer.ReasonsFrom:R}{options.ReasonWords}"),
        Where = scorer.Where ?? "all",
        Risk = options.Risk?.ToString() ?? "none",
        Format = options.Format.NameOf(),
        Database = PartOutputs.Describe(options),
        Calibration = model.Metadata.Task == ModelTask.Regression ? null : model.Metadata.CalibrationMethod,
        Inputs = options.Inputs,
        Partitions = source.PartitionCount,
        Customers = source.CustomerCount,
    }.WithKey();

    // A part that was damaged after the job was finished is the only one computed again; the manifest says what it must be. Null when it comes out otherwise: then all is computed again.
    private static ScoringReport? Repair((OutputFolder Folder, IPartOutput Output) to, (Manifest Done, ManifestPart[] Damaged) there, PartWriter writer, Action<ScoringReport, string>? beforeSeal)
    {
        ((OutputFolder folder, IPartOutput output), (Manifest done, ManifestPart[] damaged)) = (to, there);
        JobProfile? profile = null;
        if (damaged.Length > 0 && !output.RepairsParts)
        {
            folder.DropManifest();
            return null;
        }
        if (damaged.Length > 0)
        {
            var records = new PartRecord?[done.Partitions];
            profile = writer.Write([.. damaged.Select(part => part.Partition)], records);
            if (damaged.Any(part => records[part.Partition]?.Part != part))
            {
                folder.DropManifest();
                return null;
            }
        }
        var report = new ScoringReport(done, damaged.Length, done.Parts.Count - damaged.Length, profile);
        if (!folder.IsSealed)
            Seal(folder, output, done, () => beforeSeal?.Invoke(report, folder.WorkDirectory));
        return report;
    }

    private static Manifest Complete(Manifest job, PartRecord[] records)
    {
        ManifestPart[] parts = [.. records.Select(record => record.Part).OfType<ManifestPart>()];
        return job with
        {
            Parts = parts,
            Rows = parts.Sum(part => part.Rows),
            NotAtRisk = records.Sum(record => record.NotAtRisk),
            LeftOut = records.Sum(record => record.LeftOut),
            Scores = ScoreSketch.Summarise(records.Select(record => record.Scores)),
        };
    }

    private static void Seal(OutputFolder folder, IPartOutput output, Manifest manifest, Action beforeSeal)
    {
        if (manifest.Rows + manifest.LeftOut + manifest.NotAtRisk != manifest.Customers)
            throw ScoringErrors.RowsLost(manifest);
        folder.WriteManifest(manifest);
        beforeSeal();
        output.Seal(manifest);
        folder.Seal();
    }
}

/// <summary>What a scoring run may use.</summary>
/// <param name="Budget">Threads and memory.</param>
/// <param name="OpenSink">Opens a part file of <see cref="ScoringOptions.Format"/>; not called for a database.</param>
/// <param name="Progress">Told of every finished partition; may be null.</param>
/// <param name="Cancellation">Stops between partitions; what is finished stays.</param>
public sealed record ScoringRun(JobBudget Budget, OpenBatchSink OpenSink, IProgress<StepProgress>? Progress, CancellationToken Cancellation);
