using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>The newest snapshot that can train, and the one that is next.</summary>
/// <param name="Newest">As-of instant, microseconds since 1970 UTC, of the latest snapshot whose gap, horizon and longest lateness are over in the data; null: there is none.</param>
/// <param name="Next">Why the one after it cannot be used yet; empty where the data propose none.</param>
internal sealed record MaturedSnapshots(long? Newest, string Next)
{
    /// <summary>Reads the tables of a project, and looks at the snapshots that training would propose.</summary>
    /// <remarks>Errors: those of reading.</remarks>
    public static MaturedSnapshots Read(ProjectConfig project, StepContext context)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        using CustomerData data = DataLoad.Run(project.Plan, session, context);
        SnapshotCalendar calendar = SnapshotCalendar.Propose(data);
        return new MaturedSnapshots(calendar.Usable.Count == 0 ? null : calendar.Usable[^1], calendar.Censored.Count == 0 ? "" : calendar.Censored[0].Reason);
    }

    /// <summary>Whether a project has snapshots at all: events with times, and a label.</summary>
    public static bool Apply(ProjectConfig project) => !project.Plan.IsTimeless && project.Plan.Label is not null;
}
