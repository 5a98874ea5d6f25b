using System.Globalization;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service.Tests;

/// <summary>The raw rows of a world as a client would send them: every column of every table, as JSON, by customer.</summary>
internal static class WorldJson
{
    /// <summary>Customer to table to rows.</summary>
    public static Dictionary<string, Dictionary<string, List<string>>> Read(string config)
    {
        FeaturePlan plan = ProjectConfig.Load(config).Plan;
        var customers = new Dictionary<string, Dictionary<string, List<string>>>();
        using var session = new IngestSession(new IngestOptions { BadShareLimit = 1 });
        foreach (PlanTable table in plan.Tables)
        {
            IReadOnlyList<Field> fields = session.Describe(table.Source!);
            var contract = new TableContract { Columns = [.. fields.Select(field => new ColumnContract(field.Name, Wanted(field.Type), NotNull: field.Name == table.Key))] };
            foreach (RecordBatch batch in session.Read(table.Source!, contract, CancellationToken.None))
            {
                using (batch)
                {
                    for (int row = 0; row < batch.Length; row++)
                    {
                        string key = Text(batch[table.Key], row)!;
                        if (!customers.TryGetValue(key, out var tables))
                            customers.Add(key, tables = []);
                        if (!tables.TryGetValue(table.Name, out List<string>? rows))
                            tables.Add(table.Name, rows = []);
                        rows.Add(Json(batch, row));
                    }
                }
            }
        }
        return customers;
    }

    /// <summary>A request with all rows of a customer.</summary>
    public static string Request(string customer, Dictionary<string, List<string>> tables, string asOf) =>
        $"{{\"user_id\": {JsonSerializer.Serialize(customer)}, \"as_of\": \"{asOf}\", \"tables\": {{{string.Join(", ", tables.Select(table => $"\"{table.Key}\": [{string.Join(",", table.Value)}]"))}}}}}";

    private static ColumnType Wanted(ColumnType type) => type switch
    {
        ColumnType.TimestampMillis or ColumnType.Date32 => ColumnType.TimestampMicros,
        ColumnType.Dictionary => ColumnType.Utf8,
        _ => type,
    };

    private static string Json(RecordBatch batch, int row)
    {
        var text = new StringBuilder("{");
        for (int column = 0; column < batch.Columns.Count; column++)
        {
            string? value = Value(batch.Columns[column], row);
            if (value is not null)
                text.Append(text.Length > 1 ? "," : "").Append(JsonSerializer.Serialize(batch.Schema.Fields[column].Name)).Append(':').Append(value);
        }
        return text.Append('}').ToString();
    }

    private static string? Value(Column column, int row) => column.IsNull(row) ? null : column.Type == ColumnType.TimestampMicros
        ? $"\"{InstantText.Format(((PrimitiveColumn<long>)column).Values[row])}\""
        : column is Utf8Column or DictionaryColumn ? JsonSerializer.Serialize(Text(column, row)) : Text(column, row);

    private static string? Text(Column column, int row) => column switch
    {
        Utf8Column text => text.GetString(row),
        DictionaryColumn text => text.Dictionary.GetString(text.Codes[row]),
        BooleanColumn flag => flag[row] ? "true" : "false",
        PrimitiveColumn<double> number => double.IsFinite(number.Values[row]) ? number.Values[row].ToString("R", CultureInfo.InvariantCulture) : "null",
        PrimitiveColumn<float> number => float.IsFinite(number.Values[row]) ? ((double)number.Values[row]).ToString("R", CultureInfo.InvariantCulture) : "null",
        PrimitiveColumn<long> number => number.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<int> number => number.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<short> number => number.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<sbyte> number => number.Values[row].ToString(CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
