using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What training made.</summary>
public sealed record BoosterResult
{
    /// <summary>The trees that were kept: the first <see cref="BestRound"/>, those it went on from among them.</summary>
    public required TreeEnsemble Ensemble { get; init; }

    /// <summary>Trees kept, 1 and up: up to the best <see cref="ValidationMetric"/> when early stopping was on, else all. Where it went on from trees, those count, and may be all that is kept.</summary>
    public required int BestRound { get; init; }

    /// <summary>[F] what the splits on each feature did, in the new trees that were kept.</summary>
    public required IReadOnlyList<FeatureImportance> Importance { get; init; }

    /// <summary>[rounds] weighted mean loss over the training rows after each new tree, the ones not kept included; class weights count.</summary>
    public required IReadOnlyList<double> TrainLoss { get; init; }

    /// <summary>[rounds] weighted mean loss over the validation rows after each new tree; empty without validation rows.</summary>
    public required IReadOnlyList<double> ValidationLoss { get; init; }

    /// <summary>What early stopping watches: "loss", or the metric's name.</summary>
    public required string MetricName { get; init; }

    /// <summary>[rounds] its value over the validation rows after each new tree; empty without validation rows.</summary>
    public required IReadOnlyList<double> ValidationMetric { get; init; }
}
