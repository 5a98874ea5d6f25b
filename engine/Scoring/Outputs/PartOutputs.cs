using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Makes the output of a job.</summary>
internal static class PartOutputs
{
    /// <summary>Opens the output that the options name; the caller disposes it.</summary>
    /// <param name="job">The job with its key.</param>
    /// <param name="options">Format and database.</param>
    /// <param name="openFile">Opens a file of that format; not called for a database.</param>
    /// <param name="schema">Columns of every part.</param>
    public static IPartOutput Open(Manifest job, ScoringOptions options, OpenBatchSink openFile, Schema schema) => options.Format switch
    {
        OutputFormat.Sqlite => SqlitePartOutput.Open(job, Target(options), schema).Checked(),
        OutputFormat.Postgres => PostgresPartOutput.Open(job, Target(options), schema).Checked(),
        _ when options.Database is not null => throw ScoringErrors.DatabaseOfFiles(options.Format),
        _ => new FilePartOutput(options.Format, openFile, schema),
    };

    /// <summary>The database as the manifest names it, without a password; null for files.</summary>
    public static string? Describe(ScoringOptions options) => options.Format switch
    {
        OutputFormat.Sqlite => $"{Path.GetFullPath(Target(options).Connection)}, table {Target(options).Table}",
        OutputFormat.Postgres => $"{PostgresConnection.Describe(Target(options).Connection)}, table {Target(options).Table}",
        _ => null,
    };

    private static DatabaseTarget Target(ScoringOptions options)
    {
        if (options.Database is not { Connection.Length: > 0 } target)
            throw ScoringErrors.NoDatabase(options.Format);
        // That folder holds one job's result and nothing else; a database holds those of many.
        string folder = Path.GetFullPath(options.OutputDirectory).TrimEnd('/') + '/';
        if (options.Format == OutputFormat.Sqlite && Path.GetFullPath(target.Connection).StartsWith(folder, StringComparison.Ordinal))
            throw ScoringErrors.DatabaseInOutput(target.Connection);
        return target;
    }
}
