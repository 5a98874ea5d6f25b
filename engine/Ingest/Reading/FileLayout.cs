using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Ingest.Files;

namespace ChurnEngine.Ingest.Reading;

/// <summary>A column of a file.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="SqlType">DuckDB's name of its type; VARCHAR for the text formats, whose cells the engine converts itself.</param>
/// <param name="Sql">How a query on the file names it.</param>
internal sealed record FileColumn(string Name, string SqlType, string Sql);

/// <summary>The columns of one file and the query that reads some of them.</summary>
internal abstract record FileLayout(SourceFile File, IReadOnlyList<FileColumn> Columns)
{
    /// <summary>What stands after FROM, delivering at least <paramref name="wanted"/>.</summary>
    public abstract string From(IReadOnlyList<FileColumn> wanted);

    /// <summary>The same for some rows of the file.</summary>
    /// <remarks>Errors: <see cref="NotSupportedException"/> of a format whose rows have no place of their own.</remarks>
    public virtual string FromRows(RowRange rows) => throw new NotSupportedException($"rows of '{File.Path}' cannot be read by their number");

    /// <summary>True when the file says what its columns hold; the cells of the others are text, which the engine reads itself.</summary>
    public virtual bool IsTyped => false;

    /// <summary>The column of that name, or null.</summary>
    public FileColumn? Find(string name) => Columns.FirstOrDefault(column => column.Name == name);
}

/// <summary>A Parquet file: typed, so DuckDB's types are kept where the contract allows.</summary>
internal sealed record ParquetLayout(SourceFile File, IReadOnlyList<FileColumn> Columns) : FileLayout(File, Columns)
{
    public override bool IsTyped => true;

    private static string Scan(SourceFile file) => $"read_parquet({SqlText.PathLiteral(file.Path)}, hive_partitioning = false)";

    /// <summary>Reads the file's footer.</summary>
    public static ParquetLayout Read(SourceFile file, DuckDbConnection connection) =>
        new(file, [.. connection.QueryText($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Scan(file)})")
            .Select(row => new FileColumn(row[0]!, row[1]!, SqlText.Name(row[0]!)))]);

    public override string From(IReadOnlyList<FileColumn> wanted) => Scan(File);

    public override string FromRows(RowRange rows) => string.Create(CultureInfo.InvariantCulture,
        $"read_parquet({SqlText.PathLiteral(File.Path)}, hive_partitioning = false, file_row_number = true) WHERE file_row_number >= {rows.First} AND file_row_number < {rows.First + rows.Count}");
}

/// <summary>An Arrow file or stream: typed, and fed to the query by an <see cref="ArrowFeed"/> that is open while it runs. Columns go by position.</summary>
/// <param name="File">The file.</param>
/// <param name="Columns">Its columns; one of a type that the engine does not hold is refused when it is asked for.</param>
/// <param name="Id">By which the query finds its feed.</param>
internal sealed record ArrowLayout(SourceFile File, IReadOnlyList<FileColumn> Columns, long Id) : FileLayout(File, Columns)
{
    public override bool IsTyped => true;

    /// <summary>Reads the file's schema.</summary>
    public static ArrowLayout Read(SourceFile file, string table)
    {
        IReadOnlyList<ArrowColumn> columns = ArrowFile.Describe(file.Path);
        string? twice = columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw IngestErrors.DuplicateColumn(table, file.Path, twice);
        return new ArrowLayout(file, [.. columns.Select((column, i) => new FileColumn(column.Name, SqlTypeOf(column.Type ?? ColumnType.Utf8), $"c{i}"))], BatchTableFunction.NewId());
    }

    /// <summary>Our type of a column.</summary>
    public static ColumnType TypeOf(FileColumn column) => ParquetTypes.Nearest(column.SqlType);

    public override string From(IReadOnlyList<FileColumn> wanted) => BatchTableFunction.From(Id);

    private static string SqlTypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int8 => "TINYINT",
        ColumnType.Int16 => "SMALLINT",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Float32 => "FLOAT",
        ColumnType.Float64 => "DOUBLE",
        ColumnType.Date32 => "DATE",
        ColumnType.TimestampMillis => "TIMESTAMP_MS",
        ColumnType.TimestampMicros => "TIMESTAMP WITH TIME ZONE",
        _ => "VARCHAR",
    };
}

/// <summary>A delimited file: every cell is text. Columns go by position, so that two names that differ by case stay two.</summary>
internal sealed record CsvLayout(SourceFile File, IReadOnlyList<FileColumn> Columns, char Delimiter, string ReadPath) : FileLayout(File, Columns)
{
    /// <summary>Reads the file's header.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">For errors.</param>
    /// <param name="folder">For a copy, where one must be made; removed with the database.</param>
    public static CsvLayout Read(SourceFile file, string table, string folder)
    {
        CsvHeader header = CsvHeader.Read(file, table);
        string? twice = header.Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw IngestErrors.DuplicateColumn(table, file.Path, twice);
        return new CsvLayout(file, [.. header.Names.Select((name, i) => new FileColumn(name, "VARCHAR", $"c{i}"))], header.Delimiter, LineEnds.Readable(file, folder));
    }

    public override string From(IReadOnlyList<FileColumn> wanted)
    {
        string columns = string.Join(", ", Columns.Select(column => $"'{column.Sql}': 'VARCHAR'"));
        // The dialect is stated, not sniffed: a sniffer may choose one in which broken lines look whole.
        return $"read_csv({SqlText.PathLiteral(ReadPath)}, auto_detect = false, header = true, delim = {SqlText.Literal(Delimiter.ToString())}, "
            + $"quote = '\"', escape = '\"', nullstr = '', compression = '{(ReadPath == File.Path && File.IsGzip ? "gzip" : "uncompressed")}', columns = {{{columns}}}, "
            + "hive_partitioning = false, store_rejects = true)";
    }
}

/// <summary>A file of JSON objects, one a line: a key that an object lacks is null, and every value is read as text.</summary>
internal sealed record JsonLayout(SourceFile File, IReadOnlyList<FileColumn> Columns, string ReadPath) : FileLayout(File, Columns)
{
    private const int SampleRows = 10_000;

    private static string Scan(SourceFile file, string readPath, string function, string more) =>
        $"{function}({SqlText.PathLiteral(readPath)}, format = 'newline_delimited', ignore_errors = true, compression = '{(readPath == file.Path && file.IsGzip ? "gzip" : "uncompressed")}', hive_partitioning = false{more})";

    /// <summary>The layout of a file for the keys given.</summary>
    /// <param name="file">The file.</param>
    /// <param name="readPath">The file, or its copy.</param>
    /// <param name="keys">Names of the columns.</param>
    public static JsonLayout Of(SourceFile file, string readPath, IEnumerable<string> keys) =>
        new(file, [.. keys.Select(key => new FileColumn(key, "VARCHAR", SqlText.Name(key)))], readPath);

    /// <summary>The keys of a file's objects, those of the first objects in their order there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="readPath">The file, or its copy.</param>
    /// <param name="connection">Where to ask.</param>
    /// <param name="whole">False: the first 10,000 objects only.</param>
    public static IReadOnlyList<string> Keys(SourceFile file, string readPath, DuckDbConnection connection, bool whole)
    {
        string limit = whole ? "" : $" LIMIT {SampleRows}";
        string keys = $"SELECT json_keys(json) AS keys FROM (SELECT json FROM {Scan(file, readPath, "read_json_objects", "")}{limit}) WHERE json_type(json) = 'OBJECT'";
        return [.. connection.QueryText($"SELECT key FROM (SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS place FROM ({keys})) GROUP BY key ORDER BY min(place), key")
            .Select(row => row[0]!)];
    }

    public override string From(IReadOnlyList<FileColumn> wanted)
    {
        if (wanted.Count == 0)
            return Scan(File, ReadPath, "read_json_objects", "");
        string columns = string.Join(", ", wanted.Select(column => $"{SqlText.Literal(column.Name)}: 'VARCHAR'"));
        // records = true: with one column and some line that is no object, DuckDB's own guess delivers whole lines as that column.
        return Scan(File, ReadPath, "read_json", $", records = true, columns = {{{columns}}}");
    }
}
