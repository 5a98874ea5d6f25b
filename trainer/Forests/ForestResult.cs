using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What growing a forest made.</summary>
public sealed record ForestResult
{
    /// <summary>The trees; each leaf holds its share of the mean, so that the forest is their sum.</summary>
    public required TreeEnsemble Ensemble { get; init; }

    /// <summary>[F] what the splits on each feature did.</summary>
    public required IReadOnlyList<FeatureImportance> Importance { get; init; }

    /// <summary>[N] margin of each training row by the trees that did not see it; NaN where all did. Empty for extra trees, which see all rows.</summary>
    public required IReadOnlyList<double> OutOfBagMargins { get; init; }

    /// <summary>[N] the same as a prediction: the share of the class 1, or the value. Empty for extra trees.</summary>
    public required IReadOnlyList<double> OutOfBagPredictions { get; init; }
}
