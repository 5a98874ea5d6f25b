using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>What the command line says of the output of scoring; null leaves the project's setting.</summary>
public sealed record OutputOverrides
{
    /// <summary>Names that <see cref="Format"/> takes; the first is the default.</summary>
    public static IReadOnlyList<string> Formats => OutputFormats.Names;

    /// <summary>Name of the table where nothing is said.</summary>
    public static string DefaultTable => DatabaseTarget.DefaultTable;

    /// <summary>How <see cref="Risk"/> is written.</summary>
    public static string RiskExample => RiskBands.Example;

    /// <summary>One of <see cref="Formats"/>.</summary>
    public string? Format { get; init; }

    /// <summary>SQLite: path of the file. PostgreSQL: connection string or URI, perhaps with a password, which is written nowhere.</summary>
    public string? Database { get; init; }

    /// <summary>Name under which a database shows the scores.</summary>
    public string? TableName { get; init; }

    /// <summary>Condition that a row meets to be written.</summary>
    public string? Where { get; init; }

    /// <summary>Levels of the column <c>risk</c>.</summary>
    public string? Risk { get; init; }

    /// <summary>True for the column <c>flagged</c>; null leaves the project's setting.</summary>
    public bool? Flag { get; init; }

    /// <summary>Says no connection: what prints a record must not print a password.</summary>
    public override string ToString() => $"{nameof(OutputOverrides)} {Format}";
}

/// <summary>What is written and where to, the command line and the project taken together.</summary>
internal sealed record ScoreOutput(OutputFormat Format, DatabaseTarget? Database, string? Where, RiskBands? Risk, bool Flag)
{
    /// <summary>Takes what was given, else what is set.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="settings">The project's, or the defaults.</param>
    /// <param name="folder">What a path in the settings starts from.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE6011 for levels that cannot be read, CE1102 for an unknown format.</remarks>
    public static ScoreOutput Of(OutputOverrides given, ScoreSettings settings, string folder)
    {
        OutputFormat format = given.Format is null ? settings.Format
            : OutputFormats.Find(given.Format) ?? throw PipelineErrors.BadSetting("--format", "the format", string.Join(", ", OutputFormats.Names), given.Format);
        // A database in churn.yaml waits for the format that needs it; one on the command line is meant.
        string? connection = given.Database ?? (format.IsFile() || settings.Database is null ? null
            : format == OutputFormat.Sqlite ? Path.GetFullPath(settings.Database, folder) : settings.Database);
        return new ScoreOutput(format, connection is null ? null : new DatabaseTarget(connection, given.TableName ?? settings.TableName),
            given.Where ?? settings.Where, given.Risk is null ? settings.Risk : RiskBands.Parse(given.Risk), given.Flag ?? settings.Flag);
    }
}
