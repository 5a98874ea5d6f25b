using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>The booster's settings as flags; one that was not written leaves the project's setting.</summary>
internal sealed class BoosterFlags
{
    private readonly Option<int?> _trees = new("--trees") { Description = "Most trees; early stopping may keep fewer.", HelpName = "N" };
    private readonly Option<double?> _learningRate = new("--learning-rate") { Description = "Shrinkage of each tree, above 0 up to 1.", HelpName = "X" };
    private readonly Option<int?> _maxLeaves = new("--max-leaves") { Description = "Most leaves of a tree.", HelpName = "N" };
    private readonly Option<int?> _maxDepth = new("--max-depth") { Description = "Most splits on a path; 0 is no limit.", HelpName = "N" };
    private readonly Option<int?> _minRows = new("--min-rows-in-leaf") { Description = "Least training rows in a leaf.", HelpName = "N" };
    private readonly Option<int?> _stopping = new("--early-stopping-rounds") { Description = "Rounds without progress before training stops; 0 is never.", HelpName = "N" };
    private readonly Option<string?> _objective = new("--objective") { Description = $"What is minimised, {string.Join(", ", TrainOverrides.Objectives)}: of churn logistic (default) or focal, of a number squared_error (default) or the others.", HelpName = "NAME" };
    private readonly Option<string?> _metric = new("--early-stopping-metric") { Description = $"What early stopping watches, {string.Join(", ", TrainOverrides.Metrics)}: loss (default) is what is minimised.", HelpName = "NAME" };
    private readonly Option<string[]> _set = new("--set") { Description = "Any option of `train:` in churn.yaml, by our name or that of LightGBM or XGBoost; trainer/OPTIONS.md lists them.", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Key of every random choice: row and column samples, folds.", HelpName = "S" };

    public BoosterFlags(Action<Option> add)
    {
        foreach (Option option in new Option[] { _trees, _learningRate, _maxLeaves, _maxDepth, _minRows, _stopping, _objective, _metric, _seed, _set })
            add(option);
    }

    /// <summary>What was written.</summary>
    public TrainOverrides Read(VerbContext context) => new()
    {
        Trees = context.Get(_trees),
        LearningRate = context.Get(_learningRate),
        MaxLeaves = context.Get(_maxLeaves),
        MaxDepth = context.Get(_maxDepth),
        MinRowsInLeaf = context.Get(_minRows),
        EarlyStoppingRounds = context.Get(_stopping),
        Seed = context.Get(_seed),
        Named = [.. Named(context)],
    };

    private IEnumerable<NamedOption> Named(VerbContext context)
    {
        if (context.Get(_objective) is { } objective)
            yield return new NamedOption(_objective.Name, "objective", objective);
        if (context.Get(_metric) is { } metric)
            yield return new NamedOption(_metric.Name, "early_stopping_metric", metric);
        foreach (string text in context.Get(_set) ?? [])
        {
            string[] parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
            yield return parts is [{ Length: > 0 } name, var value] ? new NamedOption(_set.Name, name, value) : throw CliErrors.BadOption(_set.Name, "NAME=VALUE, such as --set l2=5", text);
        }
    }
}
