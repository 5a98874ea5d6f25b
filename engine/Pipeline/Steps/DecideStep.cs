using ChurnEngine.Columns;
using ChurnEngine.Decisions;

namespace ChurnEngine.Pipeline;

/// <summary>From a folder of scores to the action plan.</summary>
public static class DecideStep
{
    /// <summary>Reads the scores, chooses whom to contact and writes the list.</summary>
    /// <param name="scores">Folder that a finished scoring job left; null: the project's.</param>
    /// <param name="project">Costs, capacity and the file to write; null: the defaults.</param>
    /// <param name="overrides">What takes their place.</param>
    /// <param name="context">Budget, progress, cancellation.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE6101 when the folder holds no finished scores.</remarks>
    public static DecisionReport Run(string? scores, ProjectConfig? project, DecisionOverrides overrides, StepContext context)
    {
        DecisionSettings settings = overrides.Apply(project is null ? DecisionSettings.Default : project.Decisions with { Out = project.Resolve(project.Decisions.Out) });
        settings.Options.Validate();
        scores ??= project?.Resolve(project.Score.Out) ?? ScoreSettings.Default.Out;
        if (!File.Exists(Path.Combine(scores, "_SUCCESS")))
            throw PipelineErrors.NoScores(scores);
        using ScoreTable table = context.Stages.Time("read scores", () => ScoreTable.Read(scores, settings.ValueColumn, context), read => read.Rows);
        return context.Stages.Time("decide", () => Decide(table, settings), report => report.Scored);
    }

    private static DecisionReport Decide(ScoreTable table, DecisionSettings settings)
    {
        ActionPlan plan = ActionPlanner.Plan(table.Probability, table.Value, settings.Options);
        ActionPlanCsv.Write(settings.Out, plan, new ActionPlanText { CustomerId = table.CustomerId, Reasons = table.Reasons });
        var risk = new Dictionary<string, long>();
        foreach (RiskLevel level in Enum.GetValues<RiskLevel>().Reverse())
            risk.Add(level.ToText(), 0);
        foreach (float probability in table.Probability)
            risk[settings.Options.RiskCuts.LevelOf(probability).ToText()]++;
        return new DecisionReport(Path.GetFullPath(settings.Out), table.Rows, plan.Count, plan.TotalExpectedValue, plan.Spend, plan.ExpectedSaves, risk);
    }
}
