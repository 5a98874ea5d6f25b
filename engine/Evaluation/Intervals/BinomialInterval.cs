using MathNet.Numerics;

namespace ChurnEngine.Evaluation;

/// <summary>What two counted shares say of each other.</summary>
public static class BinomialInterval
{
    /// <summary>Newcombe's interval of the difference of two independent shares, first minus second, from their Wilson intervals.</summary>
    /// <param name="first">One share.</param>
    /// <param name="second">The other.</param>
    /// <returns>The difference is NaN when either is.</returns>
    /// <remarks>Source: Newcombe 1998, method 10.</remarks>
    public static ShareInterval Difference(ShareInterval first, ShareInterval second)
    {
        double difference = first.Value - second.Value;
        if (double.IsNaN(difference))
            return new ShareInterval(double.NaN, -1, 1);
        double below = Math.Sqrt(Square(first.Value - first.Lower) + Square(second.Upper - second.Value)), above = Math.Sqrt(Square(first.Upper - first.Value) + Square(second.Value - second.Lower));
        return new ShareInterval(difference, difference - below, difference + above);
    }

    /// <summary>How likely a split as uneven as this one is, or more so, when each row went to the first part with a fixed chance.</summary>
    /// <param name="first">Rows of the first part.</param>
    /// <param name="second">Rows of the second part.</param>
    /// <param name="share">Chance of the first part, between 0 and 1.</param>
    /// <returns>Pearson's chi-squared with one degree of freedom, and its p-value; 0 and 1 without rows.</returns>
    /// <remarks>Source: Fabijan et al. 2019 (sample ratio mismatch).</remarks>
    public static (double ChiSquared, double P) SplitTest(long first, long second, double share)
    {
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "between 0 and 1");
        double rows = first + second;
        if (rows == 0)
            return (0, 1);
        double chi = Square(first - rows * share) / (rows * share) + Square(second - rows * (1 - share)) / (rows * (1 - share));
        return (chi, SpecialFunctions.Erfc(Math.Sqrt(chi / 2)));
    }

    private static double Square(double value) => value * value;
}
