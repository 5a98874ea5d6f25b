namespace ChurnEngine.Models;

/// <summary>Isotonic calibration: log-odds that rise from knot to knot in straight lines, and go on beyond the first and the last with a slope of their own.</summary>
/// <remarks>
/// <code>
///   log-odds          / tail slope
///               .----*
///         *----*
///        / tail slope           margin -&gt;
/// </code>
/// Straight lines between the centres of pooled blocks, where the step function of pool-adjacent-violators would tie all rows of a block, and log-odds where it would reach 0 and 1.
/// Source: Zadrozny and Elkan 2002; Ayer et al. 1955.
/// </remarks>
public sealed record IsotonicCalibration : Calibration
{
    /// <summary>Most knots: the exported graph compares each row with every knot.</summary>
    public const int MostKnots = 256;

    private readonly double[] _margins;
    private readonly double[] _logOdds;

    /// <summary>Makes it of its knots.</summary>
    /// <param name="margins">[K] ascending, different as float32, 1 to <see cref="MostKnots"/> of them; kept.</param>
    /// <param name="logOdds">[K] ascending, all different; kept.</param>
    /// <param name="tailSlope">Log-odds for one margin more beyond the first and the last knot, above 0.</param>
    /// <remarks>Errors: <see cref="ArgumentException"/> when the lengths differ or there is no knot; what else is wrong is found when a model is written or read.</remarks>
    public IsotonicCalibration(double[] margins, double[] logOdds, double tailSlope)
    {
        ArgumentNullException.ThrowIfNull(margins);
        ArgumentNullException.ThrowIfNull(logOdds);
        if (margins.Length != logOdds.Length || margins.Length == 0)
            throw new ArgumentException($"{margins.Length} margins, {logOdds.Length} log-odds: as many of both, and one at least", nameof(logOdds));
        (_margins, _logOdds, TailSlope) = (margins, logOdds, tailSlope);
        Slopes = new double[margins.Length + 1];
        Slopes[0] = Slopes[^1] = tailSlope;
        for (int i = 1; i < margins.Length; i++)
            Slopes[i] = (logOdds[i] - logOdds[i - 1]) / (margins[i] - margins[i - 1]);
    }

    /// <summary>[K] margins of the knots, ascending.</summary>
    public ReadOnlySpan<double> Margins => _margins;

    /// <summary>[K] log-odds at the knots, ascending.</summary>
    public ReadOnlySpan<double> KnotLogOdds => _logOdds;

    /// <summary>Log-odds for one margin more beyond the first and the last knot.</summary>
    public double TailSlope { get; }

    /// <inheritdoc/>
    public override string Method => "isotonic";

    /// <summary>[K + 1] slope before the first knot, between two, and after the last.</summary>
    internal double[] Slopes { get; }

    /// <inheritdoc/>
    public override double LogOdds(double margin)
    {
        int below = KnotsUpTo(margin), start = Math.Max(below - 1, 0);
        return _logOdds[start] + Slopes[below] * (margin - _margins[start]);
    }

    /// <inheritdoc/>
    public bool Equals(IsotonicCalibration? other) =>
        other is not null && TailSlope == other.TailSlope && _margins.AsSpan().SequenceEqual(other._margins) && _logOdds.AsSpan().SequenceEqual(other._logOdds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_margins.Length, _margins[0], _logOdds[0], TailSlope);

    /// <inheritdoc/>
    public override double Steepness => Slopes.Max();

    internal override string? FirstFault()
    {
        if (_margins.Length > MostKnots)
            return $"an isotonic calibration of {_margins.Length} knots";
        if (!(TailSlope > 0 && double.IsFinite(TailSlope)))
            return $"an isotonic calibration with tail slope {TailSlope}";
        for (int i = 0; i < _margins.Length; i++)
        {
            // Also as float32, which is what the compatible profile compares.
            if (!float.IsFinite((float)_margins[i]) || !double.IsFinite(_logOdds[i]) || i > 0 && !((float)_margins[i] > (float)_margins[i - 1] && _logOdds[i] > _logOdds[i - 1]))
                return $"an isotonic calibration that does not rise at knot {i}";
        }
        return null;
    }

    // Knots at or below the margin: the first one above it, by halving.
    private int KnotsUpTo(double margin)
    {
        int low = 0, high = _margins.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_margins[middle] <= margin)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
