using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>What one feature adds to the margin of a linear model, less what it adds on the average over the training rows.</summary>
/// <remarks>
/// <code>
///   numeric       x present:  coefficient * (x - mean) + present effect        missing:  missing effect
///   categorical   code known: category effects [code]   another: other effect  missing:  missing effect
/// </code>
/// A value that is not finite is missing. A code is cut down to a whole number, as the ONNX file does.
/// </remarks>
public sealed class LinearTerm
{
    /// <summary>Which of the two.</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>Log-odds for one unit more, of a numeric feature; 0 of a categorical one.</summary>
    public double Coefficient { get; init; }

    /// <summary>Weighted mean of the training values, of a numeric feature; 0 of a categorical one.</summary>
    public double Mean { get; init; }

    /// <summary>What being there adds, of a numeric feature: 0 where no training value was missing.</summary>
    public double PresentEffect { get; init; }

    /// <summary>What a missing value adds: 0 where no training value was missing, so that it counts as average.</summary>
    public double MissingEffect { get; init; }

    /// <summary>[codes] what each code adds, of a categorical feature; empty of a numeric one.</summary>
    public double[] CategoryEffects { get; init; } = [];

    /// <summary>What a code beyond <see cref="CategoryEffects"/> adds: the effect of the rare ones together, 0 where there were none.</summary>
    public double OtherEffect { get; init; }

    /// <summary>What a value adds, log-odds.</summary>
    public double Effect(float value)
    {
        if (!float.IsFinite(value))
            return MissingEffect;
        if (Kind == FeatureKind.Numeric)
            return Coefficient * (value - Mean) + PresentEffect;
        float code = MathF.Floor(value);
        return code >= 0 && code < CategoryEffects.Length ? CategoryEffects[(int)code] : OtherEffect;
    }
}
