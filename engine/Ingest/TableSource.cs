namespace ChurnEngine.Ingest;

/// <summary>How the files of a table are written.</summary>
public enum FileFormat
{
    /// <summary>Told from the file extension.</summary>
    Auto,
    /// <summary>Apache Parquet.</summary>
    Parquet,
    /// <summary>Delimited text with a header line; the delimiter is found, gzip is unpacked.</summary>
    Csv,
    /// <summary>One JSON object a line; gzip is unpacked.</summary>
    JsonLines,
    /// <summary>Apache Arrow IPC, file (Feather version 2) or stream, told by their first bytes; not compressed.</summary>
    Arrow,
}

/// <summary>Where a table comes from: one file, a glob, or a folder.</summary>
public sealed record TableSource
{
    /// <summary>What errors, reports and the quarantine file call the table.</summary>
    public required string Name { get; init; }

    /// <summary>A file, a glob such as <c>events/*.parquet</c>, or a folder, whose files are read with those of its sub-folders.
    /// Folders named <c>key=value</c> become a column <c>key</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Default: told from the file extension.</summary>
    public FileFormat Format { get; init; } = FileFormat.Auto;

    /// <summary>Our name of a column to its name in the file; a column that is absent here has the same name in both.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows of the file to read; null for all. Of a single Parquet file alone, of which the row groups outside are not read.</summary>
    public RowRange? Rows { get; init; }
}

/// <summary>Consecutive rows of a file.</summary>
/// <param name="First">The first, 0 and up.</param>
/// <param name="Count">How many at most.</param>
public readonly record struct RowRange(long First, long Count);
