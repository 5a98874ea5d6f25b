using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Scores everybody with a model, from a project or from a plain table.</summary>
public static class ScoreStep
{
    /// <summary>Scores the customers of a project.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5003 when the model was trained with another plan; what reading and scoring throw.</remarks>
    public static ScoreReport Run(ProjectConfig project, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Run(served, served.PlanOf(project), (project.Ingest, project.Resolve(".")), request, context);
    }

    /// <summary>Scores the rows of a plain table.</summary>
    public static ScoreReport Run(string table, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Run(served, served.PlanOf(table), (IngestSettings.Default, Environment.CurrentDirectory), request, context);
    }

    /// <summary>Scores the customers of a date of an offline store.</summary>
    /// <param name="store">Its folder; the model's plan must have filled it.</param>
    /// <param name="choice">The model.</param>
    /// <param name="request">What to write; without an instant the latest date.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Memory: the partitions in flight, whatever the number of customers. Errors: <see cref="ChurnDataException"/> CE3060 when there is no store, CE3070 when it lacks the date;
    /// <see cref="ChurnConfigException"/> CE3061 when another plan filled it.</remarks>
    public static ScoreReport RunStore(string store, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return WithStore(served, store, request, context, (source, options, session) => Score(served, source, options, session, context));
    }

    /// <summary>Verifies a finished job on a date of an offline store.</summary>
    /// <inheritdoc cref="RunStore"/>
    public static VerifyReport VerifyStore(string store, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return WithStore(served, store, request, context, (source, options, session) => Verify(served, source, options, session, context));
    }

    /// <summary>Says what a job would do, after checking everything that can be checked without reading the data.</summary>
    public static ScorePlan Plan(ProjectConfig project, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Describe(served, served.PlanOf(project), (project.Ingest, project.Resolve(".")), request, context);
    }

    /// <inheritdoc cref="Plan(ProjectConfig, ModelChoice, ScoreRequest, StepContext)"/>
    public static ScorePlan Plan(string table, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Describe(served, served.PlanOf(table), (IngestSettings.Default, Environment.CurrentDirectory), request, context);
    }

    /// <summary>Computes a finished job again and compares every part with its file and the manifest; changes nothing.</summary>
    /// <remarks>Errors: as <see cref="Run(ProjectConfig, ModelChoice, ScoreRequest, StepContext)"/>, and <see cref="ChurnConfigException"/> CE6032, CE6033 when the folder holds no finished job, or another one.</remarks>
    public static VerifyReport Verify(ProjectConfig project, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Verify(served, served.PlanOf(project), (project.Ingest, project.Resolve(".")), request, context);
    }

    /// <inheritdoc cref="Verify(ProjectConfig, ModelChoice, ScoreRequest, StepContext)"/>
    public static VerifyReport Verify(string table, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Verify(served, served.PlanOf(table), (IngestSettings.Default, Environment.CurrentDirectory), request, context);
    }

    private static ScoreReport Run(ServedModel served, FeaturePlan plan, (IngestSettings Settings, string Folder) ingest, ScoreRequest request, StepContext context) =>
        WithData(served, plan, ingest, request, context, (source, options, session) => Score(served, source, options, session, context));

    private static VerifyReport Verify(ServedModel served, FeaturePlan plan, (IngestSettings Settings, string Folder) ingest, ScoreRequest request, StepContext context) =>
        WithData(served, plan, ingest, request, context, (source, options, session) => Verify(served, source, options, session, context));

    private static ScoreReport Score(ServedModel served, IScoringSource source, ScoringOptions options, IngestSession session, StepContext context)
    {
        var run = new ScoringRun(context.Budget, session.OpenParquet, context.Progress, context.Cancellation);
        long started = Stopwatch.GetTimestamp();
        ScoringReport report = context.Stages.Time("score", () => ScoringJob.Run(source, served.Model, served.Backend, options, run, (done, folder) =>
            WriteRunFile(folder, options.Slice, context, new StageTime("score", done.Manifest.Rows, Stopwatch.GetElapsedTime(started).TotalSeconds))), done => done.Manifest.Rows);
        return Describe(report, options.OutputDirectory, options.Slice) with { RowsRefused = session.Reports.Sum(table => table.RowsRefused) };
    }

    private static VerifyReport Verify(ServedModel served, IScoringSource source, ScoringOptions options, IngestSession session, StepContext context)
    {
        var run = new ScoringRun(context.Budget, session.OpenParquet, context.Progress, context.Cancellation);
        VerificationReport report = context.Stages.Time("verify", () => ScoringJob.Verify(source, served.Model, served.Backend, options, run), found => found.Rows);
        return new VerifyReport(Path.GetFullPath(options.OutputDirectory), report.Parts, report.Rows, [.. report.Problems.Select(problem => $"{problem.Name} {problem.Problem}")]);
    }

    private static T WithStore<T>(ServedModel served, string folder, ScoreRequest request, StepContext context, Func<IScoringSource, ScoringOptions, IngestSession, T> work)
    {
        var store = OfflineStore.Open(folder);
        store.Require(served.Plan);
        long asOf = store.Require(request.AsOf);
        using IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
        var table = new TableSource { Name = "features", Path = store.PathOf(asOf), Format = FileFormat.Parquet };
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of([table.Path], context), files => files.Length);
        var source = new StoreScoringSource(store, asOf, served.Plan, session, session.Measure(table).Rows, context.Cancellation);
        return work(source, OptionsOf(served.Model, request, inputs), session);
    }

    private static T WithData<T>(ServedModel served, FeaturePlan plan, (IngestSettings Settings, string Folder) ingest, ScoreRequest request, StepContext context, Func<IScoringSource, ScoringOptions, IngestSession, T> work)
    {
        _ = ReasonsOf(served.Model, request);
        using IngestSession session = context.OpenIngest(ingest.Settings, ingest.Folder);
        served.RequireColumns(plan, session);
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of(plan, session, context), files => files.Length);
        using CustomerData data = DataLoad.Run(plan, session, context);
        long asOf = DataLoad.AsOf(data, request.AsOf, context);
        if (plan.Label is { } label && !plan.IsTimeless && !label.BeginsAt(asOf))
            context.Warn($"as of {InstantText.Format(asOf)} the label looks at {InstantText.Format(label.WindowAt(asOf).From)} to {InstantText.Format(label.WindowAt(asOf).End)}: who leaves before is not foretold, and training knew no such date");
        var source = new PlanScoringSource(new Featurizer(plan, data), asOf);
        return work(source, OptionsOf(served.Model, request, inputs), session);
    }

    private static ScoringOptions OptionsOf(ChurnModel model, ScoreRequest request, InputFile[] inputs) => new()
    {
        OutputDirectory = request.OutputDirectory,
        Reasons = ReasonsOf(model, request),
        ReasonsFrom = request.ReasonsFrom,
        PassThrough = request.Columns,
        Overwrite = request.Overwrite,
        Slice = SliceChoice.Choose(request.Partition, Environment.GetEnvironmentVariable),
        Inputs = inputs,
        EngineVersion = request.EngineVersion,
    };

    /// <summary>Completes a job whose slices are all done.</summary>
    /// <param name="directory">Folder that they wrote into.</param>
    /// <param name="context">Its stage table.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6030 when the folder holds no such job; <see cref="ChurnPartialException"/> CE6031 when partitions are missing; <see cref="ChurnTransientException"/> CE6005 while a slice is at work.</remarks>
    public static ScoreReport Finish(string directory, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Manifest manifest = context.Stages.Time("finish", () => ScoringJob.Finish(directory), done => done.Rows);
        return Describe(new ScoringReport(manifest, 0, manifest.Parts.Count, null), directory, Slice.Whole);
    }

    private static ScoreReport Describe(ScoringReport report, string directory, Slice slice)
    {
        Manifest manifest = report.Manifest;
        return new ScoreReport(Path.GetFullPath(directory), manifest.Rows, manifest.Parts.Count, report.PartsKept, manifest.JobKey)
        {
            Customers = manifest.Rows + manifest.NotAtRisk,
            NotAtRisk = manifest.NotAtRisk,
            Slice = slice.IsWhole ? null : slice.ToString(),
            Scores = manifest.Scores?.ToDictionary() ?? [],
            ThreadTime = report.Profile is { } p ? [new("featurize", manifest.Rows, p.Featurize), new("score", manifest.Rows, p.Score), new("write", manifest.Rows, p.Write), new("wait", 0, p.Wait), new("collect garbage", 0, p.Collecting)] : [],
            IdleShare = report.Profile?.IdleShare,
        };
    }

    private static int ReasonsOf(ChurnModel model, ScoreRequest request)
    {
        bool isRegression = model.Metadata.Task == ModelTask.Regression;
        return isRegression && request.Reasons > 0 ? throw PipelineErrors.NoReasonsOfAValue(model.Version) : request.Reasons ?? (isRegression ? 0 : ScoreSettings.DefaultReasons);
    }

    /// <summary>Says what <see cref="RunStore"/> would do, after checking everything that can be checked without reading the features.</summary>
    public static ScorePlan PlanStore(string store, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        _ = ReasonsOf(served.Model, request);
        var opened = OfflineStore.Open(store);
        opened.Require(served.Plan);
        long asOf = opened.Require(request.AsOf);
        return Describe(served, served.Plan, InstantText.Format(asOf), [opened.PathOf(asOf)], request);
    }

    private static ScorePlan Describe(ServedModel served, FeaturePlan plan, (IngestSettings Settings, string Folder) ingest, ScoreRequest request, StepContext context)
    {
        _ = ReasonsOf(served.Model, request);
        using IngestSession session = context.OpenIngest(ingest.Settings, ingest.Folder);
        served.RequireColumns(plan, session);
        string[] inputs = [.. plan.Tables.SelectMany(table => session.ListFiles(table.Source ?? throw PipelineErrors.NoSource(table.Name)))];
        return Describe(served, plan, plan.IsTimeless ? null : request.AsOf is { } micros ? InstantText.Format(micros) : null, inputs, request);
    }

    private static ScorePlan Describe(ServedModel served, FeaturePlan plan, string? asOf, string[] inputs, ScoreRequest request)
    {
        string state = !Directory.Exists(request.OutputDirectory) ? "a new folder"
            : Manifest.TryRead(request.OutputDirectory) is { } there ? $"holds {there.Rows:N0} scores of model {there.ModelVersion}; a different job needs --overwrite"
            : Directory.EnumerateFileSystemEntries(request.OutputDirectory).Any() ? "holds other files" : "an empty folder";
        return new ScorePlan(served.Model.Version, plan.Features.Count, asOf, inputs, Path.GetFullPath(request.OutputDirectory), state);
    }

    // Timings differ from run to run, so they stay out of the manifest. The file comes before _SUCCESS, so the stage that writes it is not in the log yet.
    private static void WriteRunFile(string directory, Slice slice, StepContext context, StageTime scoring)
    {
        string name = slice.IsWhole ? "run.json" : $"run-{slice.Index}-of-{slice.Count}.json";
        AtomicFile.WriteText(Path.Combine(directory, name), ManifestJson.Write(new { context.Budget.Threads, Stages = context.Stages.Stages.Append(scoring) }));
    }
}
