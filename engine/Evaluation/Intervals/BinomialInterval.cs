namespace ChurnEngine.Evaluation;

/// <summary>A share of some rows, with its 95% interval.</summary>
/// <param name="Share">0..1; NaN of no rows.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct ShareInterval(double Share, double Lower, double Upper);

/// <summary>95% intervals of counted shares.</summary>
public static class BinomialInterval
{
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval of one share; it stays within 0..1 and is right for few rows and for shares near the ends.</summary>
    /// <param name="positives">Rows that count, 0 to <paramref name="rows"/>.</param>
    /// <param name="rows">Rows in all, 0 and up; without any the share is NaN and the interval 0 to 1.</param>
    /// <remarks>Source: Wilson 1927.</remarks>
    public static ShareInterval Wilson(long positives, long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(positives);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(positives, rows);
        if (rows == 0)
            return new ShareInterval(double.NaN, 0, 1);
        double n = rows, p = positives / n, middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n), half = Z / (1 + Z * Z / n) * Math.Sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        return new ShareInterval(p, positives == 0 ? 0 : middle - half, positives == rows ? 1 : middle + half);
    }

    /// <summary>Newcombe's interval of the difference of two independent shares, first minus second, from their Wilson intervals.</summary>
    /// <param name="first">One share.</param>
    /// <param name="second">The other.</param>
    /// <returns>The difference is NaN when either is.</returns>
    /// <remarks>Source: Newcombe 1998, method 10.</remarks>
    public static ShareInterval Difference(ShareInterval first, ShareInterval second)
    {
        double difference = first.Share - second.Share;
        if (double.IsNaN(difference))
            return new ShareInterval(double.NaN, -1, 1);
        double below = Math.Sqrt(Square(first.Share - first.Lower) + Square(second.Upper - second.Share)), above = Math.Sqrt(Square(first.Upper - first.Share) + Square(second.Share - second.Lower));
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
        return (chi, ErrorFunctionComplement(Math.Sqrt(chi / 2)));
    }

    /// <summary>erfc(x) for x of 0 and up, to about 1.2e-7 of its value.</summary>
    /// <remarks>Source: Press et al., Numerical Recipes, section 6.2.</remarks>
    internal static double ErrorFunctionComplement(double x)
    {
        ReadOnlySpan<double> terms = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
        double t = 1 / (1 + 0.5 * x), sum = 0;
        for (int i = terms.Length - 1; i >= 0; i--)
            sum = sum * t + terms[i];
        return t * Math.Exp(sum - x * x);
    }

    private static double Square(double value) => value * value;
}
