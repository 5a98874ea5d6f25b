namespace ChurnEngine.Scoring;

/// <summary>Where the rows of a scoring job go.</summary>
public enum OutputFormat
{
    /// <summary>Parquet files.</summary>
    Parquet,
    /// <summary>Arrow IPC files (Feather V2).</summary>
    Arrow,
    /// <summary>CSV files: comma, a header, times in ISO 8601 and UTC, nothing between two commas for a null.</summary>
    Csv,
    /// <summary>Tables of a SQLite file.</summary>
    Sqlite,
    /// <summary>Tables of a PostgreSQL database.</summary>
    Postgres,
}

/// <summary>The formats by the names that the command line, churn.yaml and the manifest give them.</summary>
public static class OutputFormats
{
    /// <summary>In the order of <see cref="OutputFormat"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["parquet", "arrow", "csv", "sqlite", "postgres"];

    /// <summary>The name of a format.</summary>
    public static string NameOf(this OutputFormat format) => Names[(int)format];

    /// <summary>The format of that name, or null.</summary>
    public static OutputFormat? Find(string name)
    {
        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
                return (OutputFormat)i;
        }
        return null;
    }

    /// <summary>True when each part is a file of the output folder, false when it is rows of a database.</summary>
    public static bool IsFile(this OutputFormat format) => format <= OutputFormat.Csv;
}

/// <summary>The database that a job writes to.</summary>
/// <param name="Connection">SQLite: path of the file. PostgreSQL: Npgsql's connection string or a URI <c>postgresql://user@host:port/database</c>. It may hold
/// a password, so it is never written anywhere; the environment (PGPASSWORD, PGPASSFILE) is the better place for one.</param>
/// <param name="Table">Name under which finished scores are read; PostgreSQL: in the first schema of the search path.</param>
public sealed record DatabaseTarget(string Connection, string Table)
{
    /// <summary>Name of the table where nothing is said.</summary>
    public const string DefaultTable = "scores";

    /// <summary>Says the table alone: what prints a record must not print a password.</summary>
    public override string ToString() => $"table '{Table}'";
}
