using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What logistic regression made.</summary>
public sealed record LogisticRegressionResult
{
    /// <summary>The model.</summary>
    public required LinearModel Model { get; init; }

    /// <summary>Strength of the penalty: the one that was given, or chosen.</summary>
    public required double Alpha { get; init; }

    /// <summary>The intercept, then the coefficients that are not 0, on the features' own scale, in feature order.</summary>
    public required IReadOnlyList<ModelCoefficient> Coefficients { get; init; }

    /// <summary>Columns that could have had one: numbers, categories, and missing where values were.</summary>
    public required int Columns { get; init; }

    /// <summary>Newton steps at that strength.</summary>
    public required int Iterations { get; init; }

    /// <summary>Largest violation of the optimality conditions that is left.</summary>
    public required double Violation { get; init; }

    /// <summary>True when that is within the tolerance.</summary>
    public required bool HasConverged { get; init; }

    /// <summary>Weighted mean log-loss over the training rows.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The same over the validation rows; NaN without.</summary>
    public required double ValidationLoss { get; init; }
}
