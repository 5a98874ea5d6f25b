using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Loads a plan's tables and keeps what reading them cost and what was noticed.</summary>
internal static class DataLoad
{
    /// <summary>Reads and groups all tables; the caller disposes the data.</summary>
    public static CustomerData Run(FeaturePlan plan, IngestSession session, StepContext context)
    {
        CustomerData data = context.Stages.Time("read tables", () => CustomerData.Load(plan, session, context.Budget, context.Progress, context.Cancellation), loaded => loaded.RowsRead, loaded => loaded.BytesInFile);
        context.Warn(plan.Warnings);
        context.Warn(data.Warnings);
        context.NoteRefusals(session, plan.Label?.Column);
        return data;
    }

    /// <summary>The instant to compute features at: the one asked for, with a warning where the data cannot speak of it, else the end of the data.</summary>
    public static long AsOf(CustomerData data, long? asked, StepContext context)
    {
        const long Day = 86_400_000_000;
        long end = EndOfData(data);
        if (asked is not { } asOf)
            return end;
        if (data.FirstEventAt is { } first && asOf <= first)
            context.Warn($"as of {InstantText.Format(asOf)} lies before the first event, at {InstantText.Format(first)}: no feature sees any");
        else if (!data.Plan.IsTimeless && asOf - end > Day)
            context.Warn($"as of {InstantText.Format(asOf)} lies {(asOf - end) / Day:N0} days after the end of the data, at {InstantText.Format(end)}: they count as days without events");
        return asOf;
    }

    /// <summary>Instant from which nothing is known any more: the declared extract, else just after the last row that became known.</summary>
    public static long EndOfData(CustomerData data) => data.Plan.ExtractAt ?? (data.LastKnownAt + 1 ?? FeatureSnapshot.Timeless);
}
