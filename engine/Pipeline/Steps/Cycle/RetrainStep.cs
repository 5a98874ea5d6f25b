using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>Trains a challenger on the newest matured snapshots when it is needed, and puts it in charge when it passes the gates.</summary>
/// <remarks>
/// <code>
/// condition holds? -> a newer snapshot has matured? -> train, register -> challenger -> gates -> production
///        no: not_needed         no: waits                                     no promote: trained, refused: refused
/// </code>
/// Nothing here is done another way than by the verbs: training is <see cref="TrackedTraining"/>, moving an alias <see cref="PromoteStep"/>. Beside the gates of the project a challenger
/// that nobody looks at must be better than the champion on a snapshot later than what either has learnt from. Every decision is a line of the audit log. Source: DECISIONS.md 57.</remarks>
public static class RetrainStep
{
    /// <summary>File of a challenger, beside that of `train.model`: what is served from there stays until somebody trains by hand.</summary>
    public const string FileName = "challenger.onnx";

    private const string WouldTrain = "would_train";

    /// <summary>How many limits, in words.</summary>
    internal static string Broken(int limits) => limits switch
    {
        0 => "no limit is broken",
        1 => "1 limit is broken",
        _ => $"{limits} limits are broken",
    };

    private sealed record Verdict(RetrainDecision Decision, string Why)
    {
        public long? Newest { get; init; }
    }

    private sealed record Standing(string? Champion, ModelMetadata? Metadata)
    {
        public long KnownThrough => Metadata?.KnownThrough ?? 0;
    }

    /// <summary>Decides, and does what was decided.</summary>
    /// <param name="project">Plan, tables, training, gates.</param>
    /// <param name="place">The registry, which must be there.</param>
    /// <param name="request">Condition, and what monitoring found.</param>
    /// <param name="open">Opens the backend that will serve.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: CE1176 of a plan without snapshots; CE8101 without a registry, CE8118 while another process trains a challenger; those of training, which are noted in the audit log.</remarks>
    public static RetrainReport Run(ProjectConfig project, RegistryPlace place, RetrainRequest request, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!MaturedSnapshots.Apply(project))
            throw CycleErrors.NothingMatures(project.File);
        ModelRegistry registry = place.Open();
        using FolderLock? held = request.DryRun ? null : registry.BeginRetraining();
        if (!request.DryRun)
            registry.FinishMove();
        RegistryState state = registry.Read();
        var standing = new Standing(state.Champion, state.Champion is { } version ? ModelFile.Load(state.ModelPath(version)).Metadata : null);
        bool isResumed = request.Challenger is { } earlier && state.Versions.Contains(earlier);
        // What an interrupted run had decided is not decided again: by now the champion may be its own challenger.
        Verdict verdict = isResumed ? new Verdict(RetrainDecision.Trained, "trained before this run was interrupted") : Judge(project, standing, request, context);
        if (verdict.Decision != RetrainDecision.Trained)
        {
            if (!request.DryRun)
                Note(registry, place, new RetrainNote(verdict.Decision, verdict.Why) { From = standing.Champion }, context);
            return Describe(verdict, standing);
        }
        if (request.DryRun)
            return Describe(verdict, standing) with { Decision = WouldTrain };
        TrainReport? training = isResumed ? null : Train(project, (registry, place), request, (standing, verdict), open, context);
        string challenger = training?.Version ?? request.Challenger!;
        request.Trained?.Invoke(challenger);
        RetrainReport report = Describe(verdict, standing) with { Challenger = challenger, Training = training };
        return Promote(project, (registry, place), (request, report), open, context);
    }

    private static Verdict Judge(ProjectConfig project, Standing standing, RetrainRequest request, StepContext context)
    {
        RetrainSettings settings = request.Settings;
        RetrainCondition when = settings.When;
        string watched = request.WatchedAsOf is { } asOf ? $" as of {asOf}" : "";
        if (when.Kind == RetrainKind.Never)
            return new Verdict(RetrainDecision.NotNeeded, "`monitor.retrain` says never");
        if (when.Kind == RetrainKind.Alarms && request.Alarms.Count == 0)
            return new Verdict(RetrainDecision.NotNeeded, $"{Broken(0)}{watched}");
        MaturedSnapshots matured = MaturedSnapshots.Read(project, context);
        if (matured.Newest is not { } newest)
            return new Verdict(RetrainDecision.Waits, $"no snapshot has matured: {matured.Next}");
        string reason = when.Kind switch
        {
            RetrainKind.Alarms => $"{Broken(request.Alarms.Count)}{watched} ({string.Join(", ", request.Alarms.Take(3))}{(request.Alarms.Count > 3 ? ", ..." : "")})",
            RetrainKind.Always => "training was asked for",
            _ => $"the champion is asked to be at most {when.Days} days behind",
        };
        Verdict Say(RetrainDecision decision, string why) => new(decision, why) { Newest = newest };
        if (standing.Champion is not { } champion)
            return Say(RetrainDecision.Trained, $"{reason}, and there is no champion");
        if (when.Kind == RetrainKind.Always)
            return Say(RetrainDecision.Trained, reason);
        if (standing.Metadata!.PlanHash != project.Plan.Hash)
            return Say(RetrainDecision.Trained, $"{reason}, and champion {champion} was trained by another plan");
        if (standing.KnownThrough == 0)
            return Say(RetrainDecision.Trained, $"{reason}, and champion {champion} does not say what it knew");
        double behind = (newest - standing.KnownThrough) / 86_400_000_000.0;
        string age = string.Create(CultureInfo.InvariantCulture, $"champion {champion} knows all through {InstantText.Format(standing.KnownThrough)}, {Math.Max(0, behind):0.#} days behind the newest matured snapshot, as of {InstantText.Format(newest)}");
        if (when.Kind == RetrainKind.Age && behind < when.Days)
            return Say(RetrainDecision.NotNeeded, $"{age}: {when.Days} are allowed");
        // The same snapshots would give the same model.
        if (behind <= 0)
            return Say(RetrainDecision.Waits, $"{reason}; {age}: there is nothing new to learn from{(matured.Next.Length > 0 ? $" until the next matures ({matured.Next})" : "")}");
        return behind < settings.MinimumAgeDays ? Say(RetrainDecision.Waits, $"{reason}; {age}: `minimum_age` asks for {settings.MinimumAgeDays}") : Say(RetrainDecision.Trained, $"{reason}; {age}");
    }

    private static TrainReport Train(ProjectConfig project, (ModelRegistry Registry, RegistryPlace Place) at, RetrainRequest request, (Standing Standing, Verdict Verdict) why, OpenModelBackend open, StepContext context)
    {
        string path = Path.Combine(Path.GetDirectoryName(project.Resolve(project.Train.Model))!, FileName);
        try
        {
            return TrackedTraining.Run(project, new TrainRequest { ModelPath = path, EngineVersion = request.EngineVersion },
                new Tracking(at.Place.Clock, request.RunId, project.Registry.Runs) { Mlflow = project.Registry.Mlflow, Registry = at.Place.Folder }, open, context);
        }
        catch (ChurnException failure)
        {
            Note(at.Registry, at.Place, new RetrainNote(RetrainDecision.Failed, $"{why.Verdict.Why}; the training ended with {failure.Describe()}") { From = why.Standing.Champion }, context);
            throw;
        }
    }

    private static RetrainReport Promote(ProjectConfig project, (ModelRegistry Registry, RegistryPlace Place) at, (RetrainRequest Request, RetrainReport Report) asked, OpenModelBackend open, StepContext context)
    {
        RetrainReport report = asked.Report;
        string challenger = report.Challenger!;
        RetrainReport Decide(RetrainDecision decision, string why, IReadOnlyList<GateReport>? gates = null)
        {
            Note(at.Registry, at.Place, new RetrainNote(decision, why) { Version = challenger, From = report.Champion == challenger ? null : report.Champion }, context);
            return report with { Decision = RegistryStep.Word(decision), Why = why, Gates = gates ?? [] };
        }
        if (report.Champion == challenger && asked.Request.Challenger is null)
            return Decide(RetrainDecision.Trained, $"{report.Why}; the training gave the champion again, {challenger}");
        MoveReport standing = PromoteStep.Run(at.Place, project, new PromoteRequest(challenger, AliasName.Challenger), open, context);
        if (standing.Refused)
            return Decide(RetrainDecision.Refused, $"{report.Why}; refused by {No(standing.Gates)}", standing.Gates);
        if (!asked.Request.Settings.Promote)
        {
            MoveReport wouldBe = PromoteStep.Run(at.Place, project, new PromoteRequest(challenger, AliasName.Production) { RequireBetter = true, DryRun = true }, open, context);
            return Decide(RetrainDecision.Trained, $"{report.Why}; {challenger} is the challenger, and nobody asked to promote it: the gates would {(wouldBe.Refused ? $"refuse it by {No(wouldBe.Gates)}" : "let it pass")}", wouldBe.Gates);
        }
        List<GateReport> gates = [];
        foreach (string alias in Goals(at.Registry))
        {
            MoveReport move = PromoteStep.Run(at.Place, project, new PromoteRequest(challenger, alias) { RequireBetter = true }, open, context);
            gates = gates.Count == 0 ? [.. move.Gates] : gates;
            if (move.Refused)
                return Decide(RetrainDecision.Refused, $"{report.Why}; refused by {No(move.Gates)}", move.Gates);
        }
        return Decide(RetrainDecision.Promoted, report.Why, gates);
    }

    // Whoever keeps a champion apart from production finds both on the new model: the next challenger must beat what serves.
    private static string[] Goals(ModelRegistry registry) => registry.Read().VersionOf(AliasName.Champion) is null ? [AliasName.Production] : [AliasName.Champion, AliasName.Production];

    private static string No(IReadOnlyList<GateReport> gates) => string.Join("; ", gates.Where(gate => !gate.Passed).Select(gate => $"{gate.Gate}: {gate.Why}"));

    private static void Note(ModelRegistry registry, RegistryPlace place, RetrainNote note, StepContext context)
    {
        registry.Note(note);
        place.Mirror(context);
    }

    private static RetrainReport Describe(Verdict verdict, Standing standing) => new(RegistryStep.Word(verdict.Decision), verdict.Why)
    {
        Champion = standing.Champion,
        ChampionKnownThrough = standing.KnownThrough == 0 ? null : InstantText.Format(standing.KnownThrough),
        NewestSnapshot = verdict.Newest is { } newest ? InstantText.Format(newest) : null,
    };
}
