using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What the booster minimises.</summary>
public enum ObjectiveKind
{
    /// <summary>Log-loss of a 0/1 label; the margin is the log-odds.</summary>
    Logistic,
    /// <summary>Half the squared error of any finite label; the margin is the value.</summary>
    SquaredError,
    /// <summary>Poisson likelihood of a count, 0 and up; the margin is the logarithm of the value.</summary>
    Poisson,
    /// <summary>Tweedie likelihood of an amount that is often 0, 0 and up; the margin is the logarithm of the value.</summary>
    Tweedie,
    /// <summary>Pinball loss: the margin is a quantile of any finite label.</summary>
    Quantile,
    /// <summary>Focal loss of a 0/1 label; the margin is the log-odds, before calibration.</summary>
    Focal,
}

/// <summary>The built-in objectives by what they predict.</summary>
public static class ObjectiveKinds
{
    /// <summary>How what it predicts comes from the margin.</summary>
    public static OutputLink Link(this ObjectiveKind objective) => ObjectiveChoice.Of(new BoosterOptions { Objective = objective }).Link;

    /// <summary>True when it predicts the probability of a 0/1 label; false when it predicts a number.</summary>
    public static bool IsClassifier(this ObjectiveKind objective) => objective.Link() == OutputLink.Sigmoid;
}

/// <summary>Makes the objective that options name.</summary>
internal static class ObjectiveChoice
{
    public static IObjective Of(BoosterOptions options) => options.Objective switch
    {
        ObjectiveKind.SquaredError => SquaredError.Instance,
        ObjectiveKind.Poisson => new Poisson(options.MaxDeltaStep == 0 ? Poisson.DefaultMaxDeltaStep : options.MaxDeltaStep),
        ObjectiveKind.Tweedie => new Tweedie(options.TweedieVariancePower),
        ObjectiveKind.Quantile => new Quantile(options.QuantileAlpha),
        ObjectiveKind.Focal => new Focal(options.FocalGamma, options.FocalAlpha),
        _ => Logistic.Instance,
    };
}
