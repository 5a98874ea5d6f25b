using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.Registry;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>The whole cycle of a project: validate, train what is missing, score, decide, monitor, retrain. Run again, it does only what is missing.</summary>
/// <remarks>
/// A cycle is known by the hashes of configuration and tables and by the as-of. After each stage its state is replaced in one step, so a process killed at any instant loses the stage that it
/// was at, and scoring not even that. The model is that of production as the cycle began: a challenger that this cycle promotes serves the next one, or a cycle would chase its own tail.
/// When production was moved by somebody else, what a model has a part in is done again. Source: DECISIONS.md 57.</remarks>
public static class CycleStep
{
    /// <summary>Runs, or says what it would do.</summary>
    /// <param name="project">The project.</param>
    /// <param name="place">Its registry; made by the first training.</param>
    /// <param name="request">Which part.</param>
    /// <param name="open">Opens the backend that serves.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <returns>What became of every stage. A stage that failed is no exception: those that need it are skipped, and the others run.</returns>
    /// <remarks>Errors: CE1176 of a plan without snapshots, CE1177 while another process is at it, CE1200; those of finding the tables' files.</remarks>
    public static CycleReport Run(ProjectConfig project, RegistryPlace place, CycleRequest request, OpenModelBackend open, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (!MaturedSnapshots.Apply(project))
            throw CycleErrors.NothingMatures(project.File);
        string path = project.Resolve(project.Cycle.State);
        string? grouped = context.Grouped ?? (project.Cycle.Grouped is { } kept ? project.Resolve(kept) : null);
        context = context with { Grouped = request.DryRun ? null : grouped };
        using CycleFolder? folder = request.DryRun ? null : CycleFolder.Open(path);
        if (!request.DryRun)
            place.Open().FinishMove();
        CycleState state = Resume(CycleFolder.Read(path), Identify(project, request, context), Production(place), request);
        var work = new CycleWork(project, place, request, open, context, state, folder);
        List<CycleStageReport> reports = [];
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (string stage in CycleStages.All)
        {
            CycleStageReport report = Do(stage, work, request, blocked);
            if (report.Outcome == CycleStageReport.Failed || (report.Outcome == CycleStageReport.Skipped && CycleStages.Needs(stage).Any(blocked.Contains)))
                blocked.Add(stage);
            reports.Add(report);
        }
        return work.Report(reports, Path.Combine(path, CycleState.FileName));
    }

    private static CycleStageReport Do(string stage, CycleWork work, CycleRequest request, HashSet<string> blocked)
    {
        if (!request.Includes(stage))
            return new CycleStageReport(stage, CycleStageReport.Skipped, "it was not asked for");
        if (CycleStages.Needs(stage).FirstOrDefault(blocked.Contains) is { } obstacle)
            return new CycleStageReport(stage, CycleStageReport.Skipped, $"{obstacle} did not come to its end");
        try
        {
            (CycleRecord? done, string why) = work.Find(stage);
            if (done is not null)
                return new CycleStageReport(stage, CycleStageReport.NoOp, done.Note) { Alarms = done.Alarms };
            if (work.LeaveOut(stage) is { } reason)
                return new CycleStageReport(stage, CycleStageReport.Skipped, reason);
            if (request.DryRun)
            {
                work.Forget(stage);
                return new CycleStageReport(stage, CycleStageReport.WouldRun, why);
            }
            CycleRecord record = work.Run(stage);
            return new CycleStageReport(stage, CycleStageReport.Done, record.Note) { Alarms = record.Alarms };
        }
        catch (Exception thrown) when (Cause(thrown) is ChurnException or IOException or UnauthorizedAccessException)
        {
            Exception cause = Cause(thrown);
            return new CycleStageReport(stage, CycleStageReport.Failed, cause.Message) { Failure = cause };
        }
    }

    // A loop over partitions wraps what one of them threw. A cancellation is none of these, and ends the cycle.
    private static Exception Cause(Exception thrown) => thrown is AggregateException { InnerExceptions: [var first, ..] } ? first : thrown;

    private static CycleState Identify(ProjectConfig project, CycleRequest request, StepContext context)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        InputFile[] inputs = context.Stages.Time("hash inputs", () => InputHash.Of(project.Plan, session, context), files => files.Length);
        return CycleState.Begin(project, inputs, request.AsOf ?? project.Score.AsOf, (request.Backend, request.EngineVersion));
    }

    private static string? Production(RegistryPlace place) => RegistryState.IsThere(place.Folder) ? RegistryState.Read(place.Folder).VersionOf(AliasName.Production) : null;

    private static CycleState Resume(CycleState? there, CycleState fresh, string? production, CycleRequest request)
    {
        CycleState state = there is null || there.Key != fresh.Key ? fresh with { Model = production } : there;
        bool isMovedByOthers = production is not null && production != state.Model && production != state.Challenger;
        if (isMovedByOthers)
            state = state.Without([CycleStages.Train, .. CycleStages.Feeds(CycleStages.Train)]) with { Model = production, Challenger = null };
        if (!request.Force)
            return state;
        string[] again = [.. CycleStages.All.Where(request.Includes)];
        bool choosesModel = again.Contains(CycleStages.Train) || again.Contains(CycleStages.Score);
        return state.Without(again) with { Model = choosesModel ? production : state.Model, Challenger = null };
    }
}
