using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Scores everybody with a model, from a project, a plain table or a feature store.</summary>
public static class ScoreStep
{
    /// <summary>Scores, or does what is missing of the same job.</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5003 when the model was trained with another plan; what reading and scoring throw.</remarks>
    public static ScoreReport Run(ScoreInput input, ModelChoice choice, ScoreRequest request, StepContext context) =>
        With(input, choice, request, context, (served, job) =>
        {
            long started = Stopwatch.GetTimestamp();
            ScoringReport report = context.Stages.Time("score", () => ScoringJob.Run(job.Source, served.Model, served.Backend, job.Options, job.Run, (done, folder) =>
                WriteRunFile(folder, job.Options.Slice, context, new StageTime("score", done.Manifest.Rows, Stopwatch.GetElapsedTime(started).TotalSeconds))), done => done.Manifest.Rows);
            return Describe(report, job.Options.OutputDirectory, job.Options.Slice) with { RowsRefused = job.Session.Reports.Sum(table => table.RowsRefused) };
        });

    /// <summary>Computes a finished job again and compares every part with what is there and with the manifest; changes nothing.</summary>
    /// <remarks>Errors: as <see cref="Run"/>, and <see cref="ChurnConfigException"/> CE6032, CE6033 when the folder holds no finished job, or another one.</remarks>
    public static VerifyReport Verify(ScoreInput input, ModelChoice choice, ScoreRequest request, StepContext context) =>
        With(input, choice, request, context, (served, job) =>
        {
            VerificationReport report = context.Stages.Time("verify", () => ScoringJob.Verify(job.Source, served.Model, served.Backend, job.Options, job.Run), found => found.Rows);
            return new VerifyReport(Path.GetFullPath(job.Options.OutputDirectory), report.Parts, report.Rows, [.. report.Problems.Select(problem => $"{problem.Name} {problem.Problem}")]);
        });

    /// <summary>Says what a job would do, after checking everything that can be checked without reading the data.</summary>
    public static ScorePlan Plan(ScoreInput input, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(request);
        using var served = ServedModel.Open(choice);
        _ = ReasonsOf(served.Model, request.Reasons);
        _ = ModelReasons.BookOf(served.Model.Metadata, served.Plan, input.Reasons);
        _ = PartsOf(request.ReasonColumns, input.Reasons);
        ScoreOutput output = ScoreOutput.Of(request.Output, input.Settings, input.Folder);
        _ = FlagOf(served.Model, output.Flag);
        if (output.Where is { } where)
            _ = RowFilter.Parse(where, "--where", served.Plan.Features, served.Model.Metadata.Task == ModelTask.Regression ? ["value"] : ["probability", "margin"]);
        _ = SliceChoice.Choose(request.Partition, Environment.GetEnvironmentVariable);
        (string? asOf, string[] files) = input.Check(served, request.AsOf, context);
        string state = !Directory.Exists(request.OutputDirectory) ? "a new folder"
            : Manifest.TryRead(request.OutputDirectory) is { } there ? $"holds {there.Rows:N0} scores of model {there.ModelVersion}; a different job needs --overwrite"
            : Directory.EnumerateFileSystemEntries(request.OutputDirectory).Any() ? "holds other files" : "an empty folder";
        return new ScorePlan(served.Model.Version, served.Plan.Features.Count, asOf, files, Path.GetFullPath(request.OutputDirectory), state);
    }

    /// <summary>Completes a job whose slices are all done.</summary>
    /// <param name="directory">Folder that they wrote into.</param>
    /// <param name="context">Its stage table.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6030 when the folder holds no such job, CE6034 when a database holds its rows; <see cref="ChurnPartialException"/> CE6031 when partitions
    /// are missing; <see cref="ChurnTransientException"/> CE6005 while a slice is at work.</remarks>
    public static ScoreReport Finish(string directory, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Manifest manifest = context.Stages.Time("finish", () => ScoringJob.Finish(directory, context.Cancellation), done => done.Rows);
        return Describe(new ScoringReport(manifest, 0, manifest.Parts.Count, null), directory, Slice.Whole);
    }

    /// <summary>Reasons asked for, else those that a model of its kind gives.</summary>
    internal static int ReasonsOf(ChurnModel model, int? asked)
    {
        bool isRegression = model.Metadata.Task == ModelTask.Regression;
        return isRegression && asked > 0 ? throw PipelineErrors.NoReasonsOfAValue(model.Version) : asked ?? (isRegression ? 0 : ScoreSettings.DefaultReasons);
    }

    /// <summary>Columns of each reason: those asked for, else those of the project.</summary>
    internal static IReadOnlyList<ReasonPart> PartsOf(IReadOnlyList<string> asked, ReasonSettings settings) => asked.Count > 0 ? ReasonSettings.ParseParts(asked) : settings.Parts;

    /// <summary>True where the column <c>flagged</c> is wanted of a model that can fill it.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1155.</remarks>
    internal static bool FlagOf(ChurnModel model, bool asked) =>
        asked && model.Metadata.Task == ModelTask.Regression ? throw PipelineErrors.FlagColumnOfAValue(model.Version) : asked;

    private sealed record Job(IScoringSource Source, ScoringOptions Options, ScoringRun Run, IngestSession Session);

    private static T With<T>(ScoreInput input, ModelChoice choice, ScoreRequest request, StepContext context, Func<ServedModel, Job, T> work)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(request);
        using var served = ServedModel.Open(choice);
        // All that the command line can get wrong comes before the tables are read.
        ScoreOutput output = ScoreOutput.Of(request.Output, input.Settings, input.Folder);
        var options = new ScoringOptions
        {
            OutputDirectory = request.OutputDirectory,
            Reasons = ReasonsOf(served.Model, request.Reasons),
            ReasonsFrom = request.ReasonsFrom,
            ReasonBook = ModelReasons.BookOf(served.Model.Metadata, served.Plan, input.Reasons),
            ReasonParts = PartsOf(request.ReasonColumns, input.Reasons),
            PassThrough = request.Columns,
            Where = output.Where,
            Risk = output.Risk,
            Flag = FlagOf(served.Model, output.Flag),
            Format = output.Format,
            Database = output.Database,
            Overwrite = request.Overwrite,
            Slice = SliceChoice.Choose(request.Partition, Environment.GetEnvironmentVariable),
            EngineVersion = request.EngineVersion,
        };
        return input.With(served, request.AsOf, context, (source, files, session) =>
            work(served, new Job(source, options with { Inputs = files }, new ScoringRun(context.Budget, SinkOf(output.Format, session), context.Progress, context.Cancellation), session)));
    }

    private static OpenBatchSink SinkOf(OutputFormat format, IngestSession session) => format switch
    {
        OutputFormat.Arrow => ArrowFile.OpenSink,
        OutputFormat.Csv => session.OpenCsv,
        _ => session.OpenParquet,
    };

    private static ScoreReport Describe(ScoringReport report, string directory, Slice slice)
    {
        Manifest manifest = report.Manifest;
        return new ScoreReport(Path.GetFullPath(directory), manifest.Rows, manifest.Parts.Count, report.PartsKept, manifest.JobKey)
        {
            Customers = manifest.Rows + manifest.LeftOut + manifest.NotAtRisk,
            NotAtRisk = manifest.NotAtRisk,
            LeftOut = manifest.LeftOut,
            Database = manifest.Database,
            Slice = slice.IsWhole ? null : slice.ToString(),
            Scores = manifest.Scores?.ToDictionary() ?? [],
            ThreadTime = report.Profile is { } p ? [new("featurize", manifest.Rows, p.Featurize), new("score", manifest.Rows, p.Score), new("write", manifest.Rows, p.Write), new("wait", 0, p.Wait), new("collect garbage", 0, p.Collecting)] : [],
            IdleShare = report.Profile?.IdleShare,
        };
    }

    // Timings differ from run to run, so they stay out of the manifest. The file comes before _SUCCESS, so the stage that writes it is not in the log yet.
    private static void WriteRunFile(string directory, Slice slice, StepContext context, StageTime scoring)
    {
        string name = slice.IsWhole ? "run.json" : $"run-{slice.Index}-of-{slice.Count}.json";
        AtomicFile.WriteText(Path.Combine(directory, name), ManifestJson.Write(new { context.Budget.Threads, Stages = context.Stages.Stages.Append(scoring) }));
    }
}
