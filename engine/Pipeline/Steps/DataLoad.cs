using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Loads a plan's tables and keeps what reading them cost and what was noticed.</summary>
internal static class DataLoad
{
    /// <summary>Reads and groups all tables; the caller disposes the data.</summary>
    public static CustomerData Run(FeaturePlan plan, IngestSession session, StepContext context)
    {
        CustomerData data = context.Stages.Time("read tables", () => CustomerData.Load(plan, session, context.Budget, context.Progress, context.Cancellation), loaded => loaded.RowsRead);
        context.Warn(plan.Warnings);
        context.Warn(data.Warnings);
        context.NoteRefusals(session, plan.Label?.Column);
        return data;
    }

    /// <summary>Instant from which nothing is known any more: the declared extract, else just after the last row that became known.</summary>
    public static long EndOfData(CustomerData data) => data.Plan.ExtractAt ?? (data.LastKnownAt + 1 ?? FeatureSnapshot.Timeless);
}
