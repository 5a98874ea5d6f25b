namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Quotes names and values that stand in SQL.</summary>
internal static class SqlText
{
    /// <summary>A column or table name: <c>"na""me"</c>.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text: <c>'it''s'</c>.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The path of one file, its wildcard characters taken literally.</summary>
    public static string PathLiteral(string path) =>
        Literal(string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString())));
}
