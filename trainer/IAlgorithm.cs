using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>The ways to learn.</summary>
public enum AlgorithmKind
{
    /// <summary>A sum of trees: histogram gradient boosting.</summary>
    Boosting,
    /// <summary>A linear form of the log-odds: logistic regression with elastic net.</summary>
    Logistic,
    /// <summary>A mean of trees, each on a bootstrap of the rows: a random forest.</summary>
    Forest,
    /// <summary>A mean of trees with thresholds drawn at random: extra trees.</summary>
    ExtraTrees,
    /// <summary>A weighted sum of boosting, a forest and logistic regression.</summary>
    Stack,
    /// <summary>A weighted sum of one booster of all rows and one of the latest.</summary>
    RecentHistorical,
}

/// <summary>A way to learn a predictor from rows, with its options. Immutable.</summary>
/// <remarks>Another one is a class with this interface, a name in <see cref="AlgorithmKind"/> and a case where options become an algorithm.</remarks>
public interface IAlgorithm
{
    /// <summary>Learns.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="validation">Later rows that choose how much is learnt: the number of trees, the strength of the penalty. Null when that is settled.</param>
    /// <param name="progress">Told after each tree, or each strength.</param>
    /// <param name="cancellation">Stops within seconds.</param>
    /// <returns>The same bits for the same rows, options and seed, whatever the number of threads.</returns>
    TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default);

    /// <summary>The same with as much learnt as most of the folds chose: for a last training on all rows, which has none to choose by.</summary>
    /// <param name="folds">What training on parts of the rows made, 1 and up.</param>
    IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds);
}

/// <summary>What an algorithm made, and what it says of it.</summary>
public sealed record TrainedPredictor
{
    /// <summary>Row to margin.</summary>
    public required IPredictor Predictor { get; init; }

    /// <summary>What the validation rows chose: trees kept, or the strength of the penalty.</summary>
    public required double Chosen { get; init; }

    /// <summary>Trees kept; 0 of a predictor that is no sum of trees.</summary>
    public int Trees => Predictor switch { TreeEnsemble trees => trees.Trees.Count, StackedModel stack => stack.Trees.Trees.Count, _ => 0 };

    /// <summary>How much was learnt, in words: "493 trees".</summary>
    public required string Size { get; init; }

    /// <summary>Options by name, and what was chosen, for the model's metadata.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>[F] what each feature did, of trees; empty of another.</summary>
    public IReadOnlyList<FeatureImportance> Importance { get; init; } = [];

    /// <summary>The coefficients of a linear model, intercept first; empty of another.</summary>
    public IReadOnlyList<ModelCoefficient> Coefficients { get; init; } = [];

    /// <summary>Metrics by name, such as "train.loss" and "stop.loss", one value an iteration, those that were not kept included; empty of an algorithm without iterations of its own.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> History { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>Loss by round, of boosting; null of another.</summary>
    public LearningCurve? Curve { get; init; }

    /// <summary>What a search for options found; null where there was none.</summary>
    public SearchResult? Search { get; init; }

    /// <summary>Names of the features that a choice kept, in feature order; empty where there was no choice.</summary>
    public IReadOnlyList<string> Selected { get; init; } = [];

    /// <summary>The members of a stack, with what they chose; empty of another.</summary>
    public IReadOnlyList<TrainedPredictor> Members { get; init; } = [];

    /// <summary>[1 + M] the intercept of a stack and the weight of each member; empty of another.</summary>
    public IReadOnlyList<double> MemberWeights { get; init; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
