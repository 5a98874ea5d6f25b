namespace ChurnEngine.Trainer;

/// <summary>What a node is worth, and which children are allowed, under the options of one booster and the units of one tree.</summary>
/// <remarks>
/// With G and H the sums of first and second derivatives, and T(G) = sign(G) max(|G| - L1, 0), the best leaf value is w = -T(G) / (H + L2), clipped
/// to the largest step, and its score is -(2 T(G) w + (H + L2) w^2): without the clip T(G)^2 / (H + L2). Source: Chen and Guestrin 2016, eq. 5 to 7.
/// </remarks>
internal readonly struct GainRule(BoosterOptions options, double gradientUnit, double hessianUnit)
{
    // Three roundings of a score are no gain: without this, a node whose rows are all alike would be split by noise.
    private const double Noise = 1e-12;

    private readonly double _l1 = options.L1;
    private readonly double _l2 = options.L2;
    private readonly double _maxStep = options.MaxDeltaStep == 0 ? double.PositiveInfinity : options.MaxDeltaStep;
    private readonly double _minGain = options.MinGain;
    private readonly double _minHessian = options.MinChildWeight;
    private readonly int _minRows = options.MinRowsInLeaf;

    /// <summary>Whether a score is G^2 / (H + L2), and no allowed child has H + L2 = 0: what <see cref="SplitScanKernel"/> computes with vectors.</summary>
    public bool IsPlain { get; } = options.L1 == 0 && options.MaxDeltaStep == 0 && (options.L2 > 0 || options.MinChildWeight > 0);

    /// <summary>What one unit of a gradient is worth.</summary>
    public double GradientUnit { get; } = gradientUnit;

    /// <summary>What one unit of a hessian is worth.</summary>
    public double HessianUnit { get; } = hessianUnit;

    /// <summary>L2 penalty.</summary>
    public double L2 => _l2;

    /// <summary>Least sum of hessians of a child.</summary>
    public double MinHessian => _minHessian;

    /// <summary>Least rows of a child.</summary>
    public int MinRows => _minRows;

    /// <summary>Value of a leaf with these sums, before shrinkage; 0 when nothing is known.</summary>
    public double LeafValue(in GradientSums sums)
    {
        double curvature = Hessian(sums) + _l2;
        return curvature > 0 ? Math.Clamp(-Threshold(Gradient(sums)) / curvature, -_maxStep, _maxStep) : 0;
    }

    /// <summary>Decrease of twice the loss that the best value of a leaf with these sums brings.</summary>
    public double Score(in GradientSums sums)
    {
        double gradient = Threshold(Gradient(sums));
        double curvature = Hessian(sums) + _l2;
        if (!(curvature > 0))
            return 0;
        if (double.IsPositiveInfinity(_maxStep))
            return gradient * gradient / curvature;
        double value = Math.Clamp(-gradient / curvature, -_maxStep, _maxStep);
        return -(2 * gradient + curvature * value) * value;
    }

    /// <summary>The sum of the children's scores that a split of this node must exceed.</summary>
    public double ScoreToBeat(in GradientSums node)
    {
        double score = Score(node);
        return score + _minGain + Noise * score;
    }

    /// <summary>True when a leaf may be as small as this.</summary>
    public bool Allows(in GradientSums child) => child.Rows >= _minRows && Hessian(child) >= _minHessian;

    /// <summary>True when a node is large enough to have two allowed children.</summary>
    public bool CanHaveChildren(in GradientSums node) => node.Rows >= 2L * _minRows && Hessian(node) >= 2 * _minHessian;

    /// <summary>Mean gradient of a category, drawn to 0 by <paramref name="smoothing"/>: what categories are ordered by.</summary>
    public double CategoryOrder(in GradientSums category, double smoothing)
    {
        double curvature = Hessian(category) + smoothing;
        return curvature > 0 ? Gradient(category) / curvature : 0;
    }

    private double Gradient(in GradientSums sums) => sums.Gradient * GradientUnit;

    private double Hessian(in GradientSums sums) => sums.Hessian * HessianUnit;

    private double Threshold(double gradient) => _l1 == 0 ? gradient : Math.CopySign(Math.Max(Math.Abs(gradient) - _l1, 0), gradient);
}
