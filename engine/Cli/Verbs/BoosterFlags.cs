using System.CommandLine;
using ChurnEngine.Trainer;

namespace ChurnEngine.Cli;

/// <summary>The booster's options as flags; a flag that was written overrides the project's setting.</summary>
internal sealed class BoosterFlags
{
    private readonly Option<int> _trees = new("--trees") { Description = "Most trees; early stopping may keep fewer.", HelpName = "N" };
    private readonly Option<double> _learningRate = new("--learning-rate") { Description = "Shrinkage of each tree, above 0 up to 1.", HelpName = "X" };
    private readonly Option<int> _maxLeaves = new("--max-leaves") { Description = "Most leaves of a tree.", HelpName = "N" };
    private readonly Option<int> _maxDepth = new("--max-depth") { Description = "Most splits on a path; 0 is no limit.", HelpName = "N" };
    private readonly Option<int> _minRows = new("--min-rows-in-leaf") { Description = "Least training rows in a leaf.", HelpName = "N" };
    private readonly Option<int> _stopping = new("--early-stopping-rounds") { Description = "Rounds without progress before training stops; 0 is never.", HelpName = "N" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Key of every random choice: row and column samples, folds.", HelpName = "S" };

    public BoosterFlags(Action<Option> add)
    {
        BoosterOptions defaults = new();
        _trees.DefaultValueFactory = _ => defaults.Trees;
        _learningRate.DefaultValueFactory = _ => defaults.LearningRate;
        _maxLeaves.DefaultValueFactory = _ => defaults.MaxLeaves;
        _maxDepth.DefaultValueFactory = _ => defaults.MaxDepth;
        _minRows.DefaultValueFactory = _ => defaults.MinRowsInLeaf;
        _stopping.DefaultValueFactory = _ => defaults.EarlyStoppingRounds;
        _seed.DefaultValueFactory = _ => defaults.Seed;
        foreach (Option option in new Option[] { _trees, _learningRate, _maxLeaves, _maxDepth, _minRows, _stopping, _seed })
            add(option);
    }

    /// <summary>The options with every written flag in place of the project's value, checked.</summary>
    public BoosterOptions Apply(VerbContext context, BoosterOptions project)
    {
        T Choose<T>(Option<T> option, T otherwise) => context.Wrote(option) ? context.Require(option) : otherwise;
        BoosterOptions options = project with
        {
            Trees = Choose(_trees, project.Trees),
            LearningRate = Choose(_learningRate, project.LearningRate),
            MaxLeaves = Choose(_maxLeaves, project.MaxLeaves),
            MaxDepth = Choose(_maxDepth, project.MaxDepth),
            MinRowsInLeaf = Choose(_minRows, project.MinRowsInLeaf),
            EarlyStoppingRounds = Choose(_stopping, project.EarlyStoppingRounds),
            Seed = Choose(_seed, project.Seed),
            Threads = context.Budget.Threads,
        };
        options.Validate();
        return options;
    }
}
