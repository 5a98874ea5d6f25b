using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>Options of <c>churn score</c> that say what is written and where to; a setting of churn.yaml stands where none is given.</summary>
internal sealed class OutputOptions
{
    public Option<string> Format { get; } = FormatOption();

    public Option<string?> Database { get; } = new("--database") { Description = "For --format sqlite the file; for postgres a connection string or URI. Keep a password out of it: PGPASSWORD, PGPASSFILE and ~/.pgpass are read.", HelpName = "FILE|CONNECTION" };

    public Option<string> TableName { get; } = new("--table-name") { Description = "Name under which the database shows finished scores.", DefaultValueFactory = _ => OutputOverrides.DefaultTable, HelpName = "NAME" };

    public Option<string?> Where { get; } = new("--where") { Description = "Rows to write, by features, probability and margin, such as \"probability >= 0.5 and tenure > 3\"; the others are counted. Default: all.", HelpName = "CONDITION" };

    public Option<string?> Risk { get; } = new("--risk") { Description = $"Levels for a column `risk`, each with the probability that it begins at, such as {OutputOverrides.RiskExample}.", HelpName = "NAME=P,..." };

    public Option<bool> Flag { get; } = new("--flag") { Description = "Add a column `flagged`: 1 from the model's threshold on (that of the customer's segment, where the model has thresholds by segment), else 0." };

    /// <summary>What was written of them.</summary>
    public OutputOverrides Read(VerbContext context) => new()
    {
        Format = context.Wrote(Format) ? context.Require(Format) : null,
        Database = context.Get(Database),
        TableName = context.Wrote(TableName) ? context.Require(TableName) : null,
        Where = context.Get(Where),
        Risk = context.Get(Risk),
        Flag = context.Wrote(Flag) ? context.Get(Flag) : null,
    };

    private static Option<string> FormatOption()
    {
        var option = new Option<string>("--format") { Description = "Form of the parts: files (parquet, arrow, csv) or rows of a database (sqlite, postgres).", DefaultValueFactory = _ => OutputOverrides.Formats[0], HelpName = "NAME" };
        option.AcceptOnlyFromAmong([.. OutputOverrides.Formats]);
        return option;
    }
}
