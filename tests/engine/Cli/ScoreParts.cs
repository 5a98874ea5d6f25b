using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Cli.Tests;

/// <summary>Reads what a scoring job wrote, as anybody would who opens the Parquet files.</summary>
internal static class ScoreParts
{
    /// <summary>Key to the named columns as text; missing is null.</summary>
    public static Dictionary<string, string?[]> Read(string directory, params string[] columns)
    {
        Assert.True(File.Exists(Path.Combine(directory, "_SUCCESS")));
        string key = Manifest.TryRead(directory)!.Columns[0];
        using var session = new IngestSession(new IngestOptions());
        var source = new TableSource { Name = "scores", Path = Path.Combine(directory, "part-*.parquet") };
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
