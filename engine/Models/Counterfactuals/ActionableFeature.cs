namespace ChurnEngine.Models;

/// <summary>A feature that somebody can change, and how far.</summary>
/// <param name="Feature">Index, 0..F-1.</param>
/// <remarks>A value that is missing or infinite now is not changed: nobody could say how far it moved.</remarks>
public sealed record ActionableFeature(int Feature)
{
    /// <summary>True when a number may become larger.</summary>
    public bool CanRise { get; init; } = true;

    /// <summary>True when a number may become smaller.</summary>
    public bool CanFall { get; init; } = true;

    /// <summary>Least value that may be chosen.</summary>
    public float Least { get; init; } = float.NegativeInfinity;

    /// <summary>Greatest value that may be chosen.</summary>
    public float Most { get; init; } = float.PositiveInfinity;

    /// <summary>True for counts: only whole numbers are chosen.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What a change is measured by: a standard deviation of the training rows, above 0. Of a category a change is 1.</summary>
    public double Spread { get; init; } = 1;

    /// <summary>Codes that may be chosen of a categorical feature; null of a number.</summary>
    public IReadOnlyList<int>? Codes { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <param name="featureCount">F.</param>
    /// <remarks>Errors: ArgumentException.</remarks>
    public void Validate(int featureCount)
    {
        if ((uint)Feature >= (uint)featureCount || !(Spread > 0 && double.IsFinite(Spread)) || float.IsNaN(Least) || float.IsNaN(Most))
            throw new ArgumentException($"feature {Feature} of {featureCount}, spread {Spread}, from {Least} to {Most}");
    }
}

/// <summary>One change of a counterfactual.</summary>
/// <param name="Feature">Index, 0..F-1.</param>
/// <param name="From">Value now.</param>
/// <param name="To">Value that would do.</param>
/// <param name="Distance">How far, in units of <see cref="ActionableFeature.Spread"/>.</param>
public sealed record FeatureChange(int Feature, float From, float To, double Distance);

/// <summary>The smallest change of a row that brings its margin below a limit, or the best that was found.</summary>
public sealed record Counterfactual
{
    /// <summary>True when <see cref="Changes"/> bring the margin below the limit.</summary>
    public required bool IsReached { get; init; }

    /// <summary>True when nothing smaller does, or when nothing at all does: proved by looking at every combination that could.</summary>
    public required bool IsExact { get; init; }

    /// <summary>What changes, in feature order; empty when nothing need, or nothing helps.</summary>
    public IReadOnlyList<FeatureChange> Changes { get; init; } = [];

    /// <summary>Margin after the changes, as the model's own walk gives it.</summary>
    public required double Margin { get; init; }

    /// <summary>Sum of the distances.</summary>
    public double Distance => Changes.Sum(change => change.Distance);

    /// <summary>No fewer features than this can do; proved.</summary>
    public required int LeastChanges { get; init; }

    /// <summary>With that many features, no shorter distance than this can do; proved.</summary>
    public required double LeastDistance { get; init; }

    /// <summary>Boxes of combinations that were looked at.</summary>
    public required long Boxes { get; init; }
}
