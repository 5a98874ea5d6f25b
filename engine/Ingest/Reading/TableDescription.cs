using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Finds names and types of a table's columns.</summary>
internal static class TableDescription
{
    private const int SampleRows = 1_000_000;

    /// <summary>The columns of all files, by first appearance; where files differ in type, the one that holds both.</summary>
    public static IReadOnlyList<Field> Of(TableSource source, DuckDbConnection connection)
    {
        var ourNames = source.Columns.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        var types = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        var names = new List<string>();
        var texts = new Dictionary<string, TypeInference>(StringComparer.Ordinal);
        int rowsLeft = SampleRows;
        void Note(string name, ColumnType type)
        {
            if (types.TryAdd(name, type))
                names.Add(name);
            else
                types[name] = Wider(types[name], type);
        }
        foreach (FileLayout layout in TableFiles.Open(source, connection, names: null))
        {
            foreach (FileColumn column in layout.Columns)
            {
                if (layout.IsTyped)
                    Note(column.Name, ParquetTypes.Nearest(column.SqlType));
                else if (texts.TryAdd(column.Name, new TypeInference()))
                    names.Add(column.Name);
            }
            if (!layout.IsTyped)
                rowsLeft = Sample(source, layout, connection, texts, rowsLeft);
            foreach ((string name, string? value) in layout.File.FolderValues)
            {
                if (layout.Find(name) is null && value is not null)
                    Note(name, TypeOf(value));
            }
        }
        return [.. names.Select(name => new Field(ourNames.GetValueOrDefault(name, name), texts.TryGetValue(name, out TypeInference? text) ? text.Type : types[name]))];
    }

    private static int Sample(TableSource source, FileLayout layout, DuckDbConnection connection, Dictionary<string, TypeInference> texts, int rows)
    {
        if (rows <= 0 || layout.Columns.Count == 0 || new FileInfo(layout.File.Path).Length == 0)
            return rows;
        string query = $"SELECT {string.Join(", ", layout.Columns.Select((column, i) => $"{column.Sql} AS r{i}"))} FROM {layout.From(layout.Columns)} LIMIT {rows}";
        using IEnumerator<RecordBatch> batches = connection.Stream(query, CancellationToken.None).GetEnumerator();
        while (TableFiles.Guarded(source, layout.File, batches.MoveNext))
        {
            using RecordBatch batch = batches.Current;
            for (int i = 0; i < batch.Columns.Count; i++)
                texts[layout.Columns[i].Name].See((Utf8Column)batch.Columns[i]);
            rows -= batch.Length;
        }
        return rows;
    }

    private static ColumnType TypeOf(string value)
    {
        using var builder = new Utf8Builder();
        builder.Append(value);
        using Utf8Column column = builder.Build();
        var inference = new TypeInference();
        inference.See(column);
        return inference.Type;
    }

    private static ColumnType Wider(ColumnType a, ColumnType b) =>
        a == b ? a
        : a.IsNumeric() && b.IsNumeric() ? (a > ColumnType.Int64 || b > ColumnType.Int64 ? ColumnType.Float64 : a > b ? a : b)
        : ColumnType.Utf8;
}
