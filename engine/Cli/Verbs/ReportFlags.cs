using System.CommandLine;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>The report of <c>churn evaluate</c>, by flags or by the project's section <c>report</c>.</summary>
internal sealed class ReportFlags
{
    private readonly Option<string?> _report = new("--report") { Description = "Write a report into this folder: report.html (self-contained), report.json, model_comparison.csv, classification_report.txt and each picture as SVG. Default: `report.out` of the project, else none is written.", HelpName = "DIR" };
    private readonly Option<string?> _compareWith = new("--compare-with") { Description = "With a report: model to compare with on the same customers, such as the previous one, with paired intervals.", HelpName = "FILE" };
    private readonly Option<string?> _segment = new("--segment") { Description = "With a report: feature whose values (of a number, its quarters) get a line each.", HelpName = "FEATURE" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "With a report: rule of thumb to compare with, a condition on features such as \"days_since_play > 14\". Default: the best single feature.", HelpName = "CONDITION" };
    private readonly Option<int> _resamples = new("--resamples") { Description = "With a report: resamples of the customers for 95% intervals, 10 and up; 0 for none.", DefaultValueFactory = _ => ReportSettings.DefaultResamples, HelpName = "N" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Check model, plan and options, and say what would be written." };

    public ReportFlags(Action<Option> add)
    {
        foreach (Option option in new Option[] { _report, _compareWith, _segment, _baseline, _resamples, _dryRun })
            add(option);
    }

    /// <summary>True when nothing is to be measured or written.</summary>
    public bool IsDryRun(VerbContext context) => context.Get(_dryRun);

    /// <summary>The report that is wanted; null for none.</summary>
    /// <param name="context">The command line.</param>
    /// <param name="project">Its settings stand where nothing was written; null for a plain table.</param>
    /// <param name="open">The backend, for the model to compare with too.</param>
    /// <param name="seed">Key of the draws.</param>
    public ReportRequest? Read(VerbContext context, ProjectConfig? project, OpenModelBackend open, long seed)
    {
        ReportSettings settings = project?.Report ?? ReportSettings.Default;
        if ((context.Get(_report) ?? (settings.Out is { } folder ? project!.Resolve(folder) : null)) is not { } directory)
        {
            Option? stray = new Option[] { _compareWith, _segment, _baseline, _resamples }.FirstOrDefault(context.Wrote);
            return stray is null ? null : throw CliErrors.BadCommandLine($"{stray.Name} belongs to --report");
        }
        int resamples = context.Wrote(_resamples) ? context.Require(_resamples) : settings.Resamples;
        if (resamples is not 0 and < ReportSettings.LeastResamples)
            throw CliErrors.BadOption("--resamples", $"0, or a whole number from {ReportSettings.LeastResamples}", $"{resamples}");
        string? other = context.Get(_compareWith) ?? (settings.CompareWith is { } path ? project!.Resolve(path) : null);
        return new ReportRequest
        {
            Directory = directory,
            Segment = context.Get(_segment) ?? settings.Segment,
            Baseline = context.Get(_baseline) ?? settings.Baseline,
            CompareWith = other is null ? null : new ModelChoice(other, open),
            Resamples = resamples,
            Seed = seed,
            Fairness = project?.Fairness ?? FairnessSettings.Default,
            Decisions = project?.Decisions ?? DecisionSettings.Default,
        };
    }
}
