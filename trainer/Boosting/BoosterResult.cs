using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What training made.</summary>
public sealed record BoosterResult
{
    /// <summary>The trees that were kept: the first <see cref="BestRound"/>.</summary>
    public required TreeEnsemble Ensemble { get; init; }

    /// <summary>Trees kept, 1 and up: up to the lowest validation loss when early stopping was on, else all.</summary>
    public required int BestRound { get; init; }

    /// <summary>[F] what the splits on each feature did, in the trees that were kept.</summary>
    public required IReadOnlyList<FeatureImportance> Importance { get; init; }

    /// <summary>[rounds] weighted mean loss over the training rows after each tree, the ones not kept included.</summary>
    public required IReadOnlyList<double> TrainLoss { get; init; }

    /// <summary>[rounds] weighted mean loss over the validation rows after each tree; empty without validation rows.</summary>
    public required IReadOnlyList<double> ValidationLoss { get; init; }
}
