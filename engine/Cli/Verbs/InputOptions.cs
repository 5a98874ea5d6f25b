using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>The two ways to name the data, shared by the verbs: a project (<c>churn.yaml</c>) or a plain table.</summary>
internal sealed class InputOptions
{
    public const string DefaultConfig = "churn.yaml";

    public Option<string?> Config { get; } = new("--config", "-c") { Description = $"Project file. Default: {DefaultConfig} in this folder, when there is one.", HelpName = "FILE" };

    public Option<string?> Table { get; } = new("--table", "-t") { Description = "A plain table instead of a project: Parquet, Arrow (Feather), CSV or JSON lines; a glob or folder is fine.", HelpName = "FILE" };

    public Option<string?> Grouped { get; } = new("--grouped") { Description = "Folder that keeps the tables grouped by customer: filled by the first run, read by the next ones instead of the tables, for as long as plan and files stay the same.", HelpName = "DIR" };

    /// <summary>The table when one was named; else null, and the project is meant.</summary>
    public string? FindTable(VerbContext context)
    {
        string? table = context.Get(Table);
        if (table is not null && context.Get(Config) is not null)
            throw CliErrors.BadCommandLine("--config and --table exclude each other");
        return table;
    }

    /// <summary>The project that was named, or the churn.yaml of this folder.</summary>
    public ProjectConfig LoadProject(VerbContext context) => FindProject(context) ?? throw CliErrors.NeitherConfigNorTable();

    /// <summary>The same; null when there is none.</summary>
    public ProjectConfig? FindProject(VerbContext context) => (context.Get(Config) ?? (File.Exists(DefaultConfig) ? DefaultConfig : null)) is { } path ? ProjectConfig.Load(path) : null;

    /// <summary>Whom a verb scores or explains: customers of a project, of a table, or of an offline store.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="option">The verb's option that names a store.</param>
    /// <returns>The input, and the project whose settings hold; null where there is none.</returns>
    public (ScoreInput Input, ProjectConfig? Project) FindScored(VerbContext context, Option<string?> option)
    {
        string? table = FindTable(context), store = context.Get(option);
        if (store is not null && (table is not null || context.Wrote(Grouped)))
            throw CliErrors.BadCommandLine("--store stands in the place of tables: --table and --grouped say nothing beside it");
        if (table is not null)
            return (ScoreInput.OfTable(table), null);
        // A store needs no project; one that is named lends its settings.
        ProjectConfig? project = store is null || context.Get(Config) is not null ? LoadProject(context) : null;
        return (store is null ? ScoreInput.Of(project!) : ScoreInput.OfStore(store, project), project);
    }

    /// <summary>A step context with the verb's budget, progress and interruption.</summary>
    public static StepContext Steps(VerbContext context) => new(context.Budget, context.Progress, context.Cancellation);

    /// <summary>The same for a verb that reads the tables of a plan and has the option <see cref="Grouped"/>.</summary>
    public StepContext TableSteps(VerbContext context) => Steps(context) with { Grouped = context.Get(Grouped) };
}
