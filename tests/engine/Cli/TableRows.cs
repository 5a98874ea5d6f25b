using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Cli.Tests;

/// <summary>Reads what a verb wrote, as anybody would who opens the Parquet files.</summary>
internal static class TableRows
{
    /// <summary>Key to the named columns as text, in the order of the rows; missing is null.</summary>
    public static Dictionary<string, string?[]> Read(string path, string key, params string[] columns)
    {
        using var session = new IngestSession(new IngestOptions());
        var source = new TableSource { Name = "rows", Path = path };
        IReadOnlyList<Field> fields = session.Describe(source);
        var contract = new TableContract { Columns = [.. ((string[])[key, .. columns]).Select(name => new ColumnContract(name, fields.First(field => field.Name == name).Type))] };
        var rows = new Dictionary<string, string?[]>();
        foreach (RecordBatch batch in session.Read(source, contract, CancellationToken.None))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    rows.Add(Text(batch.Columns[0], row)!, [.. batch.Columns.Skip(1).Select(column => Text(column, row))]);
            }
        }
        return rows;
    }

    private static string? Text(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        PrimitiveColumn<long> numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<float> numbers => numbers.Values[row].ToString("R", CultureInfo.InvariantCulture),
        PrimitiveColumn<double> numbers => numbers.Values[row].ToString("R", CultureInfo.InvariantCulture),
        Utf8Column texts => texts.GetString(row),
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
