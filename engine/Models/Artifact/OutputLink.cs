namespace ChurnEngine.Models;

/// <summary>How what a model predicts comes from the sum of its trees.</summary>
public enum OutputLink
{
    /// <summary>The sum itself: a value.</summary>
    Identity,
    /// <summary>e to the sum: a value above 0, such as a count or an amount.</summary>
    Exp,
    /// <summary>1 / (1 + e^-sum): a probability, before it is calibrated.</summary>
    Sigmoid,
}

/// <summary>Applies an <see cref="OutputLink"/>.</summary>
public static class OutputLinks
{
    /// <summary>The output for one margin; NaN stays NaN.</summary>
    /// <param name="link">Which link.</param>
    /// <param name="margin">Sum of the trees.</param>
    public static double Apply(this OutputLink link, double margin) => link switch
    {
        OutputLink.Exp => Math.Exp(margin),
        OutputLink.Sigmoid => 1 / (1 + Math.Exp(-margin)),
        _ => margin,
    };
}
