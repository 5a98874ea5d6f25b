using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Registry;
using ChurnEngine.Scoring;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Where a training is recorded.</summary>
/// <param name="Clock">Tells the time.</param>
/// <param name="Id">Id of the run, 32 hexadecimal digits.</param>
/// <param name="Runs">Folder of the runs.</param>
public sealed record Tracking(TimeProvider Clock, string Id, string Runs)
{
    /// <summary>Folder in MLflow's layout; null for none.</summary>
    public string? Mlflow { get; init; }

    /// <summary>Registry that the model comes into; null for none.</summary>
    public string? Registry { get; init; }
}

/// <summary>Trains, notes what was done and what came of it, and registers the model when asked to.</summary>
/// <remarks>A training that a gate stopped is noted as well, with the alarm; bad input and a training that was called off leave nothing.</remarks>
public static class TrackedTraining
{
    /// <summary>Trains on a project.</summary>
    /// <param name="project">Plan, tables, settings.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="tracking">Where it is noted.</param>
    /// <param name="open">Backend that must reproduce the model's golden rows.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: those of <see cref="TrainStep"/>; CE8103 when the run cannot be written; those of the registry.</remarks>
    public static TrainReport Run(ProjectConfig project, TrainRequest request, Tracking tracking, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(project);
        string folder = Path.GetDirectoryName(project.File)!;
        return Track(request, tracking, context, (Path.GetFileName(folder), folder), watched => TrainStep.Run(project, watched, open, context), () =>
        {
            using IngestSession session = context.OpenIngest(project.Ingest, folder);
            return InputHash.Of(project.Plan, session, context);
        });
    }

    /// <summary>Trains on a plain table.</summary>
    /// <param name="input">The table, its id and its label.</param>
    /// <param name="request">Options and files.</param>
    /// <param name="folds">As of <see cref="TableTrainStep"/>.</param>
    /// <param name="tracking">Where it is noted.</param>
    /// <param name="open">Backend that must reproduce the model's golden rows.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: as the other form.</remarks>
    public static TrainReport Run(TableInput input, TrainRequest request, int folds, Tracking tracking, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        string table = Path.GetFullPath(input.Path);
        return Track(request, tracking, context, (Path.GetFileNameWithoutExtension(table), Path.GetDirectoryName(table)!), watched => TableTrainStep.Run(input, watched, folds, open, context), () =>
        {
            using IngestSession session = context.OpenIngest(IngestSettings.Default, Environment.CurrentDirectory);
            return InputHash.Of([.. session.ListFiles(new TableSource { Name = PlainTable.TableName, Path = input.Path })], context);
        });
    }

    private static TrainReport Track(TrainRequest request, Tracking tracking, StepContext context, (string Experiment, string Folder) project, Func<TrainRequest, TrainReport> train, Func<InputFile[]> hashInputs)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(tracking);
        ArgumentNullException.ThrowIfNull(context);
        string started = Now(tracking.Clock);
        TrainedPredictor? trained = null;
        RunRecord Begun() => new()
        {
            Id = tracking.Id,
            Experiment = project.Experiment,
            StartedAt = started,
            EndedAt = Now(tracking.Clock),
            Environment = RunEnvironment.Here(context.Budget.Threads, request.EngineVersion),
            GitCommit = GitRepository.CommitOf(project.Folder),
            Seconds = context.Stages.Stages.GroupBy(stage => stage.Stage).ToDictionary(stage => stage.Key, stage => stage.Sum(time => time.Seconds)),
        };
        TrainReport report;
        try
        {
            report = train(request with { Trained = made => trained = made });
        }
        catch (ChurnGateException stopped)
        {
            Write(tracking, Begun() with { Error = stopped.Describe(), Options = trained?.Options ?? new Dictionary<string, string>() }, trained, context);
            throw;
        }
        InputFile[] inputs = context.Stages.Time("hash inputs", hashInputs, files => files.Length);
        ChurnModel model = ModelFile.Load(report.Model);
        RunRecord run = Begun() with
        {
            ModelVersion = report.Version,
            Design = report.Design,
            Options = new SortedDictionary<string, string>(model.Metadata.TrainerOptions.ToDictionary(), StringComparer.Ordinal),
            // JSON has no infinity.
            Metrics = report.Metrics.Where(metric => double.IsFinite(metric.Value)).ToDictionary(),
            Inputs = [.. inputs.Select(file => new RunFile(Path.GetFileName(file.Path), Path.GetFullPath(file.Path), file.Bytes, file.Sha256))],
            Artifacts = [.. new[] { ("model", report.Model), ("model card", ModelCard.PathBeside(report.Model)) }.Select(file => FileOf(file.Item1, file.Item2, context))],
        };
        string folder = Write(tracking, run, trained, context);
        if (tracking.Registry is { } registry)
            RegistryStep.Register(new RegistryPlace(registry, tracking.Clock, tracking.Mlflow), report.Model, tracking.Id, context);
        return report with { Run = folder, Registry = tracking.Registry };
    }

    private static string Write(Tracking tracking, RunRecord run, TrainedPredictor? trained, StepContext context)
    {
        IReadOnlyDictionary<string, IReadOnlyList<double>> history = trained?.History ?? new Dictionary<string, IReadOnlyList<double>>();
        string folder = RunStore.Write(tracking.Runs, run, history);
        if (tracking.Mlflow is { } mlflow)
            MlflowFiles.WriteRun(mlflow, run, history);
        return folder;
    }

    private static RunFile FileOf(string name, string path, StepContext context)
    {
        InputFile hashed = InputHash.Of([path], context)[0];
        return new RunFile(name, Path.GetFullPath(path), hashed.Bytes, hashed.Sha256);
    }

    private static string Now(TimeProvider clock) => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
