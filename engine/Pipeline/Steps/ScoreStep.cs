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
        return Run(served, served.PlanOf(project), (project.Ingest, project.Score, project.Resolve(".")), request, context);
    }

    /// <summary>Scores the rows of a plain table.</summary>
    public static ScoreReport Run(string table, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Run(served, served.PlanOf(table), (IngestSettings.Default, ScoreSettings.Default, Environment.CurrentDirectory), request, context);
    }

    /// <summary>Says what a job would do, after checking everything that can be checked without reading the data.</summary>
    public static ScorePlan Plan(ProjectConfig project, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Describe(served, served.PlanOf(project), (project.Ingest, project.Score, project.Resolve(".")), request, context);
    }

    /// <inheritdoc cref="Plan(ProjectConfig, ModelChoice, ScoreRequest, StepContext)"/>
    public static ScorePlan Plan(string table, ModelChoice choice, ScoreRequest request, StepContext context)
    {
        using var served = ServedModel.Open(choice);
        return Describe(served, served.PlanOf(table), (IngestSettings.Default, ScoreSettings.Default, Environment.CurrentDirectory), request, context);
    }

    private static ScoreReport Run(ServedModel served, FeaturePlan plan, (IngestSettings Ingest, ScoreSettings Score, string Folder) project, ScoreRequest request, StepContext context)
    {
        int reasons = ReasonsOf(served.Model, request.Reasons);
        ScoreOutput output = ScoreOutput.Of(request.Output, project.Score, project.Folder);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Folder);
        served.RequireColumns(plan, session);
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of(plan, session, context), files => files.Length);
        using CustomerData data = DataLoad.Run(plan, session, context);
        long asOf = DataLoad.AsOf(data, request.AsOf, context);
        if (plan.Label is { } label && !plan.IsTimeless && !label.BeginsAt(asOf))
            context.Warn($"as of {InstantText.Format(asOf)} the label looks at {InstantText.Format(label.WindowAt(asOf).From)} to {InstantText.Format(label.WindowAt(asOf).End)}: who leaves before is not foretold, and training knew no such date");
        var source = new PlanScoringSource(new Featurizer(plan, data), asOf);
        var options = new ScoringOptions
        {
            OutputDirectory = request.OutputDirectory,
            Reasons = reasons,
            ReasonsFrom = request.ReasonsFrom,
            PassThrough = request.Columns,
            Where = output.Where,
            Risk = output.Risk,
            Format = output.Format,
            Database = output.Database,
            Overwrite = request.Overwrite,
            Inputs = inputs,
            EngineVersion = request.EngineVersion,
        };
        var run = new ScoringRun(context.Budget, SinkOf(output.Format, session), context.Progress, context.Cancellation);
        long started = Stopwatch.GetTimestamp();
        ScoringReport report = context.Stages.Time("score", () => ScoringJob.Run(source, served.Model, served.Backend, options, run, (done, folder) =>
            WriteRunFile(folder, context, new StageTime("score", done.Manifest.Rows, Stopwatch.GetElapsedTime(started).TotalSeconds))), done => done.Manifest.Rows);
        return new ScoreReport(Path.GetFullPath(request.OutputDirectory), report.Manifest.Rows, report.Manifest.Parts.Count, report.PartsKept, report.Manifest.JobKey)
        {
            LeftOut = report.Manifest.Parts.Sum(part => part.LeftOut),
            Database = report.Manifest.Database,
        };
    }

    private static OpenBatchSink SinkOf(OutputFormat format, IngestSession session) => format switch
    {
        OutputFormat.Arrow => ArrowFile.OpenSink,
        OutputFormat.Csv => session.OpenCsv,
        _ => session.OpenParquet,
    };

    /// <summary>Reasons asked for, else those that a model of its kind gives.</summary>
    internal static int ReasonsOf(ChurnModel model, int? asked)
    {
        bool isRegression = model.Metadata.Task == ModelTask.Regression;
        return isRegression && asked > 0 ? throw PipelineErrors.NoReasonsOfAValue(model.Version) : asked ?? (isRegression ? 0 : ScoreSettings.DefaultReasons);
    }

    private static ScorePlan Describe(ServedModel served, FeaturePlan plan, (IngestSettings Ingest, ScoreSettings Score, string Folder) project, ScoreRequest request, StepContext context)
    {
        _ = ReasonsOf(served.Model, request.Reasons);
        ScoreOutput output = ScoreOutput.Of(request.Output, project.Score, project.Folder);
        if (output.Where is { } where)
            _ = RowFilter.Parse(where, "--where", plan.Features, served.Model.Metadata.Task == ModelTask.Regression ? ["value"] : ["probability", "margin"]);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Folder);
        served.RequireColumns(plan, session);
        string[] inputs = [.. plan.Tables.SelectMany(table => session.ListFiles(table.Source ?? throw PipelineErrors.NoSource(table.Name)))];
        string state = !Directory.Exists(request.OutputDirectory) ? "a new folder"
            : Manifest.TryRead(request.OutputDirectory) is { } there ? $"holds {there.Rows:N0} scores of model {there.ModelVersion}; a different job needs --overwrite"
            : Directory.EnumerateFileSystemEntries(request.OutputDirectory).Any() ? "holds other files" : "an empty folder";
        string? asOf = plan.IsTimeless ? null : request.AsOf is { } micros ? InstantText.Format(micros) : null;
        return new ScorePlan(served.Model.Version, plan.Features.Count, asOf, inputs, Path.GetFullPath(request.OutputDirectory), state);
    }

    // Timings differ from run to run, so they stay out of the manifest. The file comes before _SUCCESS, so the stage that writes it is not in the log yet.
    private static void WriteRunFile(string directory, StepContext context, StageTime scoring) =>
        AtomicFile.WriteText(Path.Combine(directory, "run.json"), ManifestJson.Write(new { context.Budget.Threads, Stages = context.Stages.Stages.Append(scoring) }));
}
