using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Loads a plan's tables and keeps what reading them cost and what was noticed.</summary>
internal static class DataLoad
{
    /// <summary>Reads and groups all tables, or opens what the folder of grouped tables keeps of them; the caller disposes the data.</summary>
    public static CustomerData Run(FeaturePlan plan, IngestSession session, StepContext context)
    {
        context.Warn(plan.Warnings);
        if (context.Grouped is not { } folder)
            return Load(plan, session, context);
        GroupedFolder.RefuseStrangers(folder);
        // Before the tables are read: a file that changes meanwhile is another one.
        string identity = GroupedFolder.IdentityOf(plan, session);
        if (GroupedFolder.Holds(folder, identity))
        {
            (CustomerData opened, IReadOnlyList<string> notes) = context.Stages.Time("open grouped", () => GroupedFolder.Open(folder, plan), kept => kept.Data.RowsRead);
            context.Warn(opened.Warnings);
            context.Warn(notes);
            return opened;
        }
        int said = context.Warnings.Count;
        CustomerData data = Load(plan, session, context);
        Keep(folder, data, identity, [.. context.Warnings.Skip(said)], context);
        return data;
    }

    // The job does not need what is kept: whatever prevents it is worth a warning.
    private static void Keep(string folder, CustomerData data, string identity, IReadOnlyList<string> notes, StepContext context)
    {
        try
        {
            long bytes = context.Stages.Time("keep grouped", () => GroupedFolder.Keep(folder, data, identity, notes, (context.Budget, context.Progress, context.Cancellation)), _ => data.RowsRead);
            if (bytes == 0)
                context.Warn($"another process is writing to '{folder}': this run keeps nothing there");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            context.Warn($"the grouped tables could not be kept in '{folder}': {failure.Message.TrimEnd('.')}");
        }
    }

    private static CustomerData Load(FeaturePlan plan, IngestSession session, StepContext context)
    {
        CustomerData data = context.Stages.Time("read tables", () => CustomerData.Load(plan, session, context.Budget, context.Progress, context.Cancellation), loaded => loaded.RowsRead, loaded => loaded.BytesInFile);
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
