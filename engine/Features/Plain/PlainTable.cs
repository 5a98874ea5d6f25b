using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>A plain table and its columns that are no features.</summary>
/// <param name="Source">The file.</param>
/// <param name="Id">Column that identifies a customer; never a feature.</param>
/// <param name="Label">Column with two values, one of which means churn, or with a number; never a feature. Empty means unknown.</param>
public sealed record PlainColumns(TableSource Source, string Id, string Label)
{
    /// <summary>True when the label is a number, to be predicted as such.</summary>
    public bool IsNumeric { get; init; }

    /// <summary>Further columns to leave out, such as those that tell the label.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];
}

/// <summary>The other entry: one table with one row a customer, an id and a label, no YAML.</summary>
/// <remarks>The result is an ordinary plan, whose only table has no instants; it loads, trains and scores like any other.</remarks>
public static class PlainTable
{
    /// <summary>Name of the table in the plan.</summary>
    public const string TableName = "table";

    /// <summary>Looks through the table once and makes a plan of it.</summary>
    /// <param name="session">Reads the file.</param>
    /// <param name="columns">The file, and which of its columns are no features.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>A plan with numeric and categorical columns as features, in file order. Its warnings say which columns were left out and which label value was taken to mean churn.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for a missing id or label column, no rows, no usable column, or a label with other than two values.</remarks>
    public static FeaturePlan Infer(IngestSession session, PlainColumns columns, CancellationToken cancellation = default) =>
        Infer(new IngestTables(session), columns, cancellation);

    internal static FeaturePlan Infer(ITableReader reader, PlainColumns columns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(columns);
        (TableSource source, string id, string label) = (columns.Source, columns.Id, columns.Label);
        IReadOnlyList<Field> fields = reader.Describe(source);
        if (fields.All(f => f.Name != id))
            throw FeaturesErrors.NoId(source.Name, id, Suggestion.For(id, fields.Select(f => f.Name)));
        if (fields.All(f => f.Name != label))
            throw FeaturesErrors.NoLabel(source.Name, label, Suggestion.For(label, fields.Select(f => f.Name)));
        if (id == label)
            throw FeaturesErrors.NoLabel(source.Name, label, "id and label are the same column; name two");
        foreach (string dropped in columns.Drop)
        {
            if (dropped == id || dropped == label || fields.All(f => f.Name != dropped))
                throw FeaturesErrors.NothingToDrop(source.Name, dropped, fields.Select(f => f.Name).Where(name => name != id && name != label));
        }
        ColumnProfile[] profiles = [.. fields.Where(f => f.Name != id && !columns.Drop.Contains(f.Name)).Select(f => new ColumnProfile(f))];
        try
        {
            Read(reader, source, (profiles, label), cancellation);
            return Plan(columns, profiles.First(p => p.Name == label), [.. profiles.Where(p => p.Name != label)]);
        }
        finally
        {
            foreach (ColumnProfile profile in profiles)
                profile.Dispose();
        }
    }

    private static void Read(ITableReader reader, TableSource source, (ColumnProfile[] Columns, string Label) profiles, CancellationToken cancellation)
    {
        var contract = new TableContract { Columns = [.. profiles.Columns.Select(p => new ColumnContract(p.Name, p.ReadAs))] };
        long rows = 0;
        foreach (RecordBatch batch in reader.Read(source, contract, cancellation))
        {
            using (batch)
            {
                rows += batch.Length;
                for (int i = 0; i < profiles.Columns.Length; i++)
                {
                    ColumnProfile profile = profiles.Columns[i];
                    if (profile.ReadAs == ColumnType.Utf8 || profile.Name == profiles.Label)
                        profile.AddTexts(batch.Columns[i]);
                    else if (profile.ReadAs.IsNumeric() || profile.ReadAs == ColumnType.Boolean)
                        profile.AddNumbers(batch.Columns[i]);
                }
            }
            cancellation.ThrowIfCancellationRequested();
        }
        if (rows == 0)
            throw FeaturesErrors.NoRows(source.Name);
    }

    private static FeaturePlan Plan(PlainColumns table, ColumnProfile label, ColumnProfile[] columns)
    {
        (TableSource source, string id, List<string> notes) = (table.Source, table.Id, []);
        List<FeatureDefinition> features = [];
        string positive = table.IsNumeric ? "" : PositiveOf(label, notes);
        foreach (ColumnProfile column in columns)
        {
            (Aggregate? use, string note) = column.Decide();
            if (note.Length > 0)
                notes.Add(note);
            if (use is not null)
                features.Add(new FeatureDefinition { Name = column.Name, Aggregate = use.Value, Table = TableName, Source = new ColumnRef(column.Name, "") });
        }
        if (features.Count == 0)
            throw FeaturesErrors.NoFeatures(source.Name);
        return new FeaturePlan(new PlanParts
        {
            Entity = id,
            Tables = [new PlanTable { Name = TableName, Key = id, Source = source, Mark = new Mark(source.Path, 1) }],
            Features = [.. features],
            Label = new LabelRule { Table = TableName, Column = label.Name, Positive = positive, IsNumberColumn = table.IsNumeric },
            Warnings = notes,
        });
    }

    private static string PositiveOf(ColumnProfile label, List<string> notes)
    {
        (string Value, long Rows)[] values = [.. label.Values.GroupBy(v => LabelValues.Normalize(v.Value)).Select(g => (g.Key, g.Sum(v => v.Rows)))];
        if (values.Length != 2)
            throw FeaturesErrors.LabelValues(label.Name, values.Length, string.Join(", ", values.Take(5).Select(v => v.Value)));
        string positive = LabelValues.ChoosePositive(values, out string note);
        if (note.Length > 0)
            notes.Add(note);
        if (label.Missing > 0)
            notes.Add($"{label.Missing} rows have no label and will be left out of training");
        return positive;
    }
}
