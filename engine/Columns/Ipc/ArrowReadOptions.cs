namespace ChurnEngine.Columns;

/// <summary>How Arrow streams and files are read.</summary>
public sealed record ArrowReadOptions
{
    /// <summary>What errors call the stream; a file goes by its path.</summary>
    public string Name { get; init; } = "stream";

    /// <summary>True takes a stream that closes between two messages as whole, as the format allows. The default does not: that is also
    /// what a writer that was killed leaves.</summary>
    public bool AllowMissingEnd { get; init; }

    /// <summary>Names of the columns to read; null: all. The others are passed over, whatever their type, and are not in the schema; a name that
    /// the data lack is no error.</summary>
    public IReadOnlySet<string>? Columns { get; init; }

    /// <summary>True leaves the stream open when its reader is disposed.</summary>
    public bool LeaveOpen { get; init; }
}
