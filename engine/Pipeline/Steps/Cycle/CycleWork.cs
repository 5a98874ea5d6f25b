using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Registry;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Does the stages of one cycle, each by the step that its verb runs, and keeps the state.</summary>
internal sealed class CycleWork(ProjectConfig project, RegistryPlace place, CycleRequest request, OpenModelBackend open, StepContext context, CycleState state, CycleFolder? folder)
{
    private const string MonitorFolderName = "monitor";

    private CycleState _state = state;
    private CycleReport _report = new([]) { Key = state.Key, State = "" };

    private long? AsOf => request.AsOf ?? project.Score.AsOf;

    private string ScoresFolder => project.Resolve(project.Score.Out);

    /// <summary>What a stage left, when all of it is still there and what it read is the same; else null, and why it runs.</summary>
    public (CycleRecord? Done, string Why) Find(string stage)
    {
        if (_state.Find(stage) is not { } record)
            return (null, stage switch
            {
                CycleStages.Train => WhyTrain() ?? "",
                CycleStages.Score => $"with {_state.Model ?? "the model that is trained first"}{(AsOf is { } asOf ? $", as of {InstantText.Format(asOf)}" : "")}",
                CycleStages.Monitor => $"{_state.Model ?? "the model that is trained first"} against its training",
                CycleStages.Retrain => $"when: {project.Monitor.Retrain.When}",
                _ => "not done yet for these data and this configuration",
            });
        if (record.Files.FirstOrDefault(file => !IsIntact(file)) is { } gone)
            return (null, $"{gone.Path} is gone or another one");
        if (stage == CycleStages.Score && Manifest.TryRead(ScoresFolder) is { Database: null } manifest && manifest.Parts.FirstOrDefault(part => !File.Exists(Path.Combine(ScoresFolder, part.Name))) is { } part)
            return (null, $"{part.Name} of the scores is gone");
        return stage == CycleStages.Decide && record.Inputs != DecisionInputs() ? (null, "contacts or values changed") : (record, "");
    }

    /// <summary>Why a stage has nothing to do in this project; null when it has.</summary>
    public string? LeaveOut(string stage) => stage switch
    {
        CycleStages.Audit when project.Cycle.Audit == CycleAudit.Never => "`run: { audit: never }`",
        CycleStages.Audit when project.Cycle.Audit == CycleAudit.Training && WhyTrain() is null => "no model is trained that would go straight into production",
        CycleStages.Train when WhyTrain() is null => $"{_state.Model} is in production",
        CycleStages.Decide when !project.Cycle.Decides => "churn.yaml has no section `decisions`",
        CycleStages.Decide when project.Plan.Label!.IsNumeric => "the plan predicts a value",
        CycleStages.Decide when !project.Score.Format.IsFile() => "the scores go to a database",
        CycleStages.Retrain when project.Monitor.Retrain.When.Kind == RetrainKind.Never => "`monitor.retrain` says never",
        _ => null,
    };

    /// <summary>Runs a stage and keeps that it is done.</summary>
    public CycleRecord Run(string stage)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        context.Progress?.Report(new StepProgress($"run {stage}", 0, 0));
        CycleRecord done = stage switch
        {
            CycleStages.Validate => Validate(),
            CycleStages.Audit => Audit(),
            CycleStages.Train => Train(),
            CycleStages.Score => Score(),
            CycleStages.Decide => Decide(),
            CycleStages.Monitor => Monitor(),
            _ => Retrain(),
        };
        Keep(_state.Without(CycleStages.Feeds(stage)).With(done));
        return done;
    }

    /// <summary>Takes a stage, and what follows from it, for not done: a dry run goes on as the real one would.</summary>
    public void Forget(string stage) => _state = _state.Without([stage, .. CycleStages.Feeds(stage)]);

    /// <summary>All that the stages said.</summary>
    public CycleReport Report(IReadOnlyList<CycleStageReport> stages, string path) => _report with { Stages = stages, State = path, AsOf = _state.AsOf, Model = _state.Model };

    private void Keep(CycleState next)
    {
        folder!.Write(next);
        _state = next;
    }

    private CycleRecord Validate()
    {
        ValidationReport found = ValidateStep.Run(project, context);
        _report = _report with { Validation = found };
        if (!found.Passed)
            throw CycleErrors.StageSaidNo(CycleStages.Validate, string.Join("; ", found.Tables.Where(table => table.Problem is not null).Select(table => table.Problem)));
        return new CycleRecord(CycleStages.Validate, string.Create(CultureInfo.InvariantCulture, $"{found.Tables.Count} tables, {found.Tables.Sum(table => table.Rows):N0} rows, {found.Tables.Sum(table => table.Refused):N0} refused"));
    }

    private CycleRecord Audit()
    {
        LeakageAuditReport found = LeakageAuditStep.Run(project, new LeakageAuditRequest(), context);
        _report = _report with { Audit = found };
        return found.Passed
            ? new CycleRecord(CycleStages.Audit, $"{found.Checks.Count} checks, nothing leaks")
            : throw CycleErrors.StageSaidNo(CycleStages.Audit, $"leakage suspected by {string.Join(", ", found.Checks.Where(check => !check.Passed).Select(check => check.Name))}");
    }

    // Null: production can score this project.
    private string? WhyTrain()
    {
        if (_state.Model is not { } version)
            return "there is no production model";
        if (!RegistryState.IsThere(place.Folder) || RegistryState.Read(place.Folder).RecordOf(version) is not { } record)
            return null;
        return record.PlanHash == project.Plan.Hash ? null : $"{version} was trained by another plan";
    }

    private CycleRecord Train()
    {
        // Trained before an earlier run was interrupted: what is left is to put it in charge.
        string? version = _state.Challenger is { } trained && RegistryState.Read(place.Folder).Versions.Contains(trained) ? trained : null;
        if (version is null)
        {
            TrainReport training = TrackedTraining.Run(project, new TrainRequest { EngineVersion = request.EngineVersion },
                new Tracking(place.Clock, request.NewRunId(), project.Registry.Runs) { Mlflow = project.Registry.Mlflow, Registry = place.Folder }, open, context);
            _report = _report with { Training = training };
            version = training.Version;
            Keep(_state with { Challenger = version });
        }
        MoveReport move = PromoteStep.Run(place, project, new PromoteRequest(version, AliasName.Production) { RequireBetter = true }, open, context);
        _report = _report with { Promotion = move };
        if (move.Refused)
            throw CycleErrors.FirstRefused(version, _state.Model, string.Join("; ", move.Gates.Where(gate => !gate.Passed).Select(gate => $"{gate.Gate}: {gate.Why}")));
        var done = new CycleRecord(CycleStages.Train, $"trained {version} and put it into production");
        _state = _state with { Model = version, Challenger = null };
        return done;
    }

    private CycleRecord Score()
    {
        ScoreSettings settings = project.Score;
        ScoreReport scored = ScoreStep.Run(ScoreInput.Of(project), Model(), new ScoreRequest
        {
            AsOf = AsOf,
            OutputDirectory = ScoresFolder,
            Reasons = settings.Reasons,
            ReasonsFrom = settings.ReasonsFrom,
            Columns = settings.Columns,
            // The scores of the cycle before give way; a scheduler's slices are of `churn score`.
            Overwrite = true,
            Partition = "all",
            EngineVersion = request.EngineVersion,
        }, context);
        _report = _report with { Scoring = scored };
        return new CycleRecord(CycleStages.Score, string.Create(CultureInfo.InvariantCulture, $"{scored.Rows:N0} customers with {_state.Model} as of {ScoredAsOf()}"))
        {
            Files = [FileOf(Path.Combine(ScoresFolder, Manifest.FileName))],
        };
    }

    private string ScoredAsOf() => Manifest.TryRead(ScoresFolder)?.AsOf is { } text && InstantText.TryParse(text, out long micros) ? InstantText.Format(micros) : "the end of the data";

    private CycleRecord Decide()
    {
        string inputs = DecisionInputs();
        DecisionReport decided = DecideStep.Run(null, project, new DecisionOverrides(), context);
        _report = _report with { Decisions = decided };
        return new CycleRecord(CycleStages.Decide, string.Create(CultureInfo.InvariantCulture, $"{decided.Chosen:N0} of {decided.Scored:N0} customers to contact, expected value {decided.ExpectedValue:N0}"))
        {
            Inputs = inputs,
            Files = [FileOf(decided.Path)],
        };
    }

    private CycleRecord Monitor()
    {
        ModelChoice model = Model();
        long? labels = LabelsAsOf(model);
        string target = project.Resolve(project.Monitor.Out ?? MonitorFolderName);
        MonitorReport seen = MonitorStep.Run(ScoreInput.Of(project), project, new MonitorRequest
        {
            AsOf = AsOf,
            WithLabels = labels is not null,
            LabelsAsOf = labels,
            Settings = project.Monitor,
            Out = target,
        }, model, context);
        AlertReport alerts = AlertStep.Run(seen, new AlertRequest { Settings = project.Alerts, Folder = target, Clock = place.Clock }, context);
        _report = _report with { Monitor = seen, Alerts = alerts };
        string[] alarms = [.. seen.Alarms.Select(alarm => $"{alarm.Kind} {alarm.Subject}")];
        string measured = seen.Measured is { } known ? $"; {known.Design}" : "";
        return new CycleRecord(CycleStages.Monitor, $"{_state.Model} as of {seen.AsOf}: {RetrainStep.Broken(alarms.Length)}{measured}")
        {
            WatchedAsOf = seen.AsOf,
            Alarms = alarms,
            // Somebody may watch another date: the newest report is then of that one, and ours is still among the windows.
            Files = [new CycleFile(Relative(Path.Combine(target, MonitorStep.FileName)), null)],
        };
    }

    // Of a model of a value monitoring measures nothing; on a snapshot that the model learnt from it would flatter.
    private long? LabelsAsOf(ModelChoice model)
    {
        if (project.Plan.Label!.IsNumeric || MaturedSnapshots.Read(project, context).Newest is not { } newest)
            return null;
        return newest >= ModelFile.Load(model.Path).Metadata.KnownThrough ? newest : null;
    }

    private CycleRecord Retrain()
    {
        CycleRecord? watched = _state.Find(CycleStages.Monitor);
        RetrainReport report = RetrainStep.Run(project, place, new RetrainRequest
        {
            Settings = project.Monitor.Retrain,
            Alarms = watched?.Alarms ?? [],
            WatchedAsOf = watched?.WatchedAsOf,
            Challenger = _state.Challenger,
            Trained = version => Keep(_state with { Challenger = version }),
            RunId = request.NewRunId(),
            EngineVersion = request.EngineVersion,
        }, open, context);
        _report = _report with { Retrain = report };
        string refusals = string.Join(", ", report.Gates.Where(gate => !gate.Passed).Select(gate => gate.Gate));
        string note = report switch
        {
            { Promoted: true } => $"trained {report.Challenger}; it is in production now, in the place of {_state.Model}, and the next cycle scores with it",
            { Challenger: { } challenger } => $"trained {challenger}, which is the challenger{(refusals.Length > 0 ? $"; {refusals} said no" : "")}",
            _ => report.Why,
        };
        // A challenger that was not promoted may be, by hand: then production was moved by somebody else.
        if (!report.Promoted)
            _state = _state with { Challenger = null };
        return new CycleRecord(CycleStages.Retrain, note);
    }

    // By version, once it is known: production may move while this cycle is under way.
    private ModelChoice Model() => new(RegisteredModel.PathOf(_state.Model ?? AliasName.Production, place.Folder), open);

    // What decisions read beside the scores.
    private string DecisionInputs()
    {
        DecisionSettings settings = project.Decisions.Resolve(project);
        List<string> paths = settings.Values is { } values ? [Path.Combine(values, Manifest.FileName)] : [];
        if (settings.Fatigue is { } fatigue)
        {
            using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
            paths.AddRange(ContactHistory.FilesOf(fatigue, DecideStep.FilesOf(settings), session));
        }
        return paths.Count == 0 ? "" : CycleState.TextHash(string.Join('\n', paths.Select(path => $"{Path.GetFileName(path)} {(File.Exists(path) ? CycleState.FileHash(path) : "none")}")));
    }

    private CycleFile FileOf(string path) => new(Relative(path), CycleState.FileHash(path));

    private string Relative(string path) => Path.GetRelativePath(project.Resolve("."), path);

    private bool IsIntact(CycleFile file)
    {
        string path = project.Resolve(file.Path);
        return File.Exists(path) && (file.Sha256 is null || CycleState.FileHash(path) == file.Sha256);
    }
}
