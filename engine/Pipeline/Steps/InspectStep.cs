using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>What stands behind one table of a project.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Source">Where it comes from; empty when the plan does not say.</param>
/// <param name="Problem">Why it cannot be used; null when nothing was noticed.</param>
public sealed record SourceInspection(string Table, string Source, ChurnException? Problem)
{
    /// <summary>Files behind it.</summary>
    public int Files { get; init; }

    /// <summary>Their bytes on the disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of those that are text, unpacked: a copy of them may be made while they are read.</summary>
    public long TextBytes { get; init; }

    /// <summary>Their rows.</summary>
    public long Rows { get; init; }

    /// <summary>False when <see cref="Rows"/> was estimated from the beginning of a text file.</summary>
    public bool RowsAreExact { get; init; }
}

/// <summary>A model that proved itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Features">Features it reads.</param>
/// <param name="GoldenRows">Rows whose outputs were reproduced.</param>
public sealed record ModelInspection(string Version, int Features, int GoldenRows);

/// <summary>Looks at what a job would meet, without reading rows and without writing anything.</summary>
public static class InspectStep
{
    /// <summary>Memory that a row of any table takes while it is read and grouped: a rule of thumb, from 84 million rows of a generated world.</summary>
    public const int BytesPerRow = 45;

    /// <summary>Looks at every table of a project; one that cannot be used does not hide the next.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when DuckDB's native library cannot be loaded.</remarks>
    public static IReadOnlyList<SourceInspection> Sources(ProjectConfig project, StepContext context)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(context);
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        return [.. project.Plan.Tables.Select(table => Inspect(table, session))];
    }

    /// <summary>Loads a model, checks its seal and has the backend reproduce its golden rows.</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/>.</remarks>
    public static ModelInspection Model(ModelChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        using var served = ServedModel.Open(choice);
        return new ModelInspection(served.Model.Version, served.Backend.FeatureCount, served.Model.Golden?.Margin.Length ?? 0);
    }

    private static SourceInspection Inspect(PlanTable table, IngestSession session)
    {
        try
        {
            TableSource source = table.Source ?? throw PipelineErrors.NoSource(table.Name);
            TableSize size = session.Measure(source);
            return new SourceInspection(table.Name, source.Path, null) { Files = size.Files, Bytes = size.Bytes, TextBytes = size.TextBytes, Rows = size.Rows, RowsAreExact = size.IsExact };
        }
        catch (ChurnException problem)
        {
            return new SourceInspection(table.Name, table.Source?.Path ?? "", problem);
        }
    }
}
