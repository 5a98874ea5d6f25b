using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Reads every table of a project to its end and says which can be used.</summary>
public static class ValidateStep
{
    /// <summary>Validates all tables; one that cannot be used does not hide the problems of the next.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when the plan itself is wrong; problems of the data are in the report.</remarks>
    public static ValidationReport Run(ProjectConfig project, StepContext context)
    {
        var verdicts = new List<TableVerdict>();
        foreach (PlanTable table in project.Plan.Tables)
        {
            TableSource source = table.Source ?? throw PipelineErrors.NoSource(table.Name);
            verdicts.Add(context.Stages.Time($"validate {table.Name}", () => Check(project, source, context), verdict => verdict.Rows));
        }
        foreach (TableVerdict verdict in verdicts.Where(v => v.Problem is null && v.Refused > 0))
            context.Warn($"table '{verdict.Table}': {verdict.Refused:N0} of {verdict.Rows:N0} rows were refused; see {verdict.Quarantine}");
        return new ValidationReport(verdicts.All(verdict => verdict.Problem is null), verdicts);
    }

    private static TableVerdict Check(ProjectConfig project, TableSource source, StepContext context)
    {
        using IngestSession session = context.OpenIngest(project.Ingest, project.Resolve("."));
        long rows = 0;
        string? problem = null;
        try
        {
            TableContract contract = project.Plan.ContractOf(source.Name, session);
            foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
            {
                using (batch)
                    rows += batch.Length;
                context.Progress?.Report(new StepProgress($"validate {source.Name}", rows, 0));
            }
        }
        catch (ChurnDataException error)
        {
            problem = error.Describe();
        }
        TableReport? report = session.Reports.Count > 0 ? session.Reports[^1] : null;
        return new TableVerdict(source.Name, report?.RowsRead ?? rows, report?.RowsRefused ?? 0, report?.QuarantineFile, problem);
    }
}
