using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What a booster works on, beside its options.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Validation">Later rows to stop on; null trains all trees.</param>
public sealed record BoosterInputs(LabelledRows Train, LabelledRows? Validation = null)
{
    /// <summary>An objective of one's own; null: the one that the options name.</summary>
    public IObjective? Objective { get; init; }

    /// <summary>A metric of one's own for early stopping; null: the one that the options name.</summary>
    public IMetric? Metric { get; init; }

    /// <summary>A sampler of rows of one's own; null: the one that the options name.</summary>
    public IRowSampler? Sampler { get; init; }

    /// <summary>What splits are worth, by one's own rule; null: their gain.</summary>
    public ISplitRule? SplitRule { get; init; }

    /// <summary>Told of every split when it is made, on the calling thread; null: nobody.</summary>
    public Action<SplitTrace>? Trace { get; init; }

    /// <summary>Trees to go on from; null starts anew. They stay the first, <see cref="BoosterOptions.Trees"/> counts the new ones, and of those early stopping keeps none when none is of use.</summary>
    /// <remarks>Its features must be those of the training rows, in their order. k trees continued by n - k are the n trees of one training, bit for bit, when rows and options are the same.</remarks>
    public TreeEnsemble? ContinueFrom { get; init; }
}
