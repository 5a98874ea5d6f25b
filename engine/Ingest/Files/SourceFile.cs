namespace ChurnEngine.Ingest.Files;

/// <summary>One file of a table.</summary>
/// <param name="Path">As the user would write it.</param>
/// <param name="Format">Never <see cref="FileFormat.Auto"/>.</param>
/// <param name="FolderValues">Columns that the folders above it state as <c>key=value</c>; null for Hive's default partition.</param>
internal sealed record SourceFile(string Path, FileFormat Format, IReadOnlyDictionary<string, string?> FolderValues)
{
    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>True for text packed with gzip.</summary>
    public bool IsGzip => Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for the formats whose cells are text.</summary>
    public bool IsText => Format is FileFormat.Csv or FileFormat.JsonLines;

    /// <summary>A file with the values that its folders state.</summary>
    public static SourceFile Of(string path, FileFormat format)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (string folder in (System.IO.Path.GetDirectoryName(path) ?? "").Split('/', '\\'))
        {
            int equals = folder.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                continue;
            string value = Uri.UnescapeDataString(folder[(equals + 1)..]);
            values[Uri.UnescapeDataString(folder[..equals])] = value == HiveNull ? null : value;
        }
        return new SourceFile(path, format, values);
    }

    /// <summary>The format that a file name tells, or null.</summary>
    public static FileFormat? FormatOf(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return System.IO.Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".PARQUET" or ".PQ" when name.Length == path.Length => FileFormat.Parquet,
            ".ARROW" or ".ARROWS" or ".IPC" or ".FEATHER" when name.Length == path.Length => FileFormat.Arrow,
            ".CSV" or ".TSV" => FileFormat.Csv,
            ".JSON" or ".JSONL" or ".NDJSON" => FileFormat.JsonLines,
            _ => null,
        };
    }

    /// <summary>The text of the file, unpacked.</summary>
    public StreamReader OpenText() => new(OpenBytes());

    /// <summary>The bytes of the file, unpacked.</summary>
    public Stream OpenBytes()
    {
        Stream raw = File.OpenRead(Path);
        return IsGzip ? new System.IO.Compression.GZipStream(raw, System.IO.Compression.CompressionMode.Decompress) : raw;
    }
}
