namespace ChurnEngine.Evaluation;

/// <summary>A share with its 95% interval.</summary>
/// <param name="Value">0..1; NaN of no trials.</param>
/// <param name="Lower">Lower end, 0..1; NaN of no trials.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct ShareInterval(double Value, double Lower, double Upper)
{
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval of a share: it stays within 0..1 and holds for few trials and for shares near the ends.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">0 and up.</param>
    /// <remarks>Memory: allocates nothing. Errors: ArgumentOutOfRangeException. Source: Wilson 1927; Agresti and Coull 1998.</remarks>
    public static ShareInterval Wilson(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
            return new ShareInterval(double.NaN, double.NaN, double.NaN);
        double share = (double)successes / trials, square = Z * Z / trials;
        double middle = (share + square / 2) / (1 + square), half = Z / (1 + square) * Math.Sqrt(share * (1 - share) / trials + square / (4 * trials));
        // At the ends the formula gives 0 and 1 but for rounding.
        return new ShareInterval(share, successes == 0 ? 0 : middle - half, successes == trials ? 1 : middle + half);
    }
}

/// <summary>A ratio of two shares with its 95% interval.</summary>
/// <param name="Value">The ratio; NaN where the lower share is 0 or has no trials.</param>
/// <param name="Lower">Lower end, above 0; NaN without trials.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct RatioInterval(double Value, double Lower, double Upper)
{
    private const double Z = 1.959963984540054;

    /// <summary>Katz's interval of a ratio of shares, on the logarithm; a count of 0 or of all is moved by a half, so that there is always one.</summary>
    /// <param name="of">Successes and trials of the upper share.</param>
    /// <param name="to">Of the lower share.</param>
    /// <remarks>Memory: allocates nothing. Source: Katz et al. 1978; Walter 1975 for the half.</remarks>
    public static RatioInterval Katz((long Successes, long Trials) of, (long Successes, long Trials) to)
    {
        if (of.Trials == 0 || to.Trials == 0)
            return new RatioInterval(double.NaN, double.NaN, double.NaN);
        double value = to.Successes == 0 ? double.NaN : (double)of.Successes / of.Trials / ((double)to.Successes / to.Trials);
        bool isAtEnd = of.Successes == 0 || to.Successes == 0 || of.Successes == of.Trials && to.Successes == to.Trials;
        double half = isAtEnd ? 0.5 : 0, a = of.Successes + half, n = of.Trials + half, b = to.Successes + half, m = to.Trials + half;
        double log = Math.Log(a / n / (b / m)), error = Z * Math.Sqrt(Math.Max(0, 1 / a - 1 / n + 1 / b - 1 / m));
        return new RatioInterval(value, Math.Exp(log - error), Math.Exp(log + error));
    }
}
