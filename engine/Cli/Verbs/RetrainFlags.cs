using System.CommandLine;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>Options of <c>churn monitor</c> that train a challenger; a setting of `monitor.retrain` stands where none is given.</summary>
internal sealed class RetrainFlags
{
    private readonly Option<bool> _retrain = new("--retrain") { Description = "When it is needed, train on the newest snapshots whose outcomes are known, and register the model as the challenger. What was decided, and why, is in the registry's audit log (`churn models history`)." };
    private readonly Option<string?> _condition = new("--if") { Description = $"With --retrain: when it is needed: {RetrainCondition.Forms}. An age is how far the champion is behind the newest snapshot that has matured. Default: `monitor.retrain.when` of the project, else alarms.", HelpName = "CONDITION" };
    private readonly Option<bool> _promote = new("--promote") { Description = "With --retrain: put the challenger into production when it passes `gates`, and is better than the champion on a snapshot later than both learnt from. Default: `monitor.retrain.promote`." };

    public RetrainFlags(Action<Option> add)
    {
        foreach (Option option in (Option[])[_retrain, _condition, _promote])
            add(option);
    }

    /// <summary>Refuses what cannot be meant, before anything is read.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="isProject">Whether the customers are those of a project.</param>
    public void Check(VerbContext context, bool isProject)
    {
        if (!context.Get(_retrain) && ((Option[])[_condition, _promote]).FirstOrDefault(context.Wrote) is { } alone)
            throw CliErrors.BadCommandLine($"{alone.Name} belongs to --retrain");
        if (context.Get(_retrain) && !isProject)
            throw CliErrors.BadCommandLine("--retrain needs a project: its tables are what is learnt from");
        if (context.Get(_retrain))
            _ = Settings(context, MonitorSettings.Default.Retrain);
    }

    /// <summary>Decides about a challenger, when that was asked for; else null.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="project">The project.</param>
    /// <param name="watched">What monitoring found.</param>
    /// <param name="at">The registry, and whether nothing may be written.</param>
    /// <param name="open">Opens the backend that serves.</param>
    /// <param name="steps">Budget, progress, cancellation.</param>
    public RetrainReport? Run(VerbContext context, ProjectConfig? project, MonitorReport watched, (RegistryPlace? Place, bool IsDry) at, OpenModelBackend open, StepContext steps)
    {
        if (!context.Get(_retrain))
            return null;
        RetrainReport report = RetrainStep.Run(project!, at.Place!, new RetrainRequest
        {
            Settings = Settings(context, project!.Monitor.Retrain),
            Alarms = [.. watched.Alarms.Select(alarm => $"{alarm.Kind} {alarm.Subject}")],
            WatchedAsOf = watched.AsOf,
            DryRun = at.IsDry,
            RunId = Guid.NewGuid().ToString("N"),
            EngineVersion = VerbHost.Version,
        }, open, steps);
        if (report.Champion is { } champion && champion != watched.Version)
            steps.Warn($"{watched.Version} was watched, and the champion that a challenger must beat is {champion}");
        return report;
    }

    // Who writes --retrain wants an answer: a project that says never means the cycle.
    private RetrainSettings Settings(VerbContext context, RetrainSettings project)
    {
        RetrainCondition asked = project.When.Kind == RetrainKind.Never ? RetrainCondition.Alarms : project.When;
        if (context.Get(_condition) is { } text)
            asked = RetrainCondition.TryParse(text) ?? throw CliErrors.BadOption(_condition.Name, RetrainCondition.Forms, text);
        return project with { When = asked, Promote = context.Get(_promote) || project.Promote };
    }
}
