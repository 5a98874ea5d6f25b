using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>What a plan asks of its tables, for whoever wants to check them without loading.</summary>
public static class PlanContract
{
    /// <summary>True when keys of that type are read as whole numbers. Floats are among them: tools without nullable integers export ids as 13006.0, and a fraction is refused as a bad cell.</summary>
    internal static bool IsWholeNumberKey(ColumnType type) => type.IsNumeric();

    /// <summary>The contract that the rows of a table must meet, exactly as <see cref="CustomerData.Load(FeaturePlan, IngestSession, JobBudget, IProgress{StepProgress}, CancellationToken)"/> asks it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="table">Name of one of its tables, which must have a source.</param>
    /// <param name="session">Describes the files.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> for a column that the file lacks; what describing the file throws.</remarks>
    public static TableContract ContractOf(this FeaturePlan plan, string table, IngestSession session)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(session);
        TableLayout layout = plan.Layouts.First(candidate => candidate.Table.Name == table);
        IReadOnlyList<Field> fields = session.Describe(layout.Table.Source ?? throw FeaturesErrors.NoSource(table));
        ColumnType keyType = fields.Any(field => field.Name == layout.Table.Key && IsWholeNumberKey(field.Type)) ? ColumnType.Int64 : ColumnType.Utf8;
        return new TableColumns(layout, fields, keyType).Contract;
    }
}
