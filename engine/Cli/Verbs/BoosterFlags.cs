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
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Key of every random choice: row and column samples, folds.", HelpName = "S" };

    public BoosterFlags(Action<Option> add)
    {
        foreach (Option option in new Option[] { _trees, _learningRate, _maxLeaves, _maxDepth, _minRows, _stopping, _seed })
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
    };
}
