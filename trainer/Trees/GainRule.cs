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
    public bool IsPlain => _l1 == 0 && IsUnclipped && Direction == 0 && (_l2 > 0 || _minHessian > 0);

    /// <summary>Least leaf value that monotone constraints above the node leave.</summary>
    public double Lower { get; init; } = double.NegativeInfinity;

    /// <summary>Largest leaf value that they leave.</summary>
    public double Upper { get; init; } = double.PositiveInfinity;

    /// <summary>1 where the left child may not be worth more than the right one, -1 the other way round, 0 for either.</summary>
    public int Direction { get; init; }

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

    /// <summary>Sums in the units of the loss.</summary>
    public SideSums Measure(in GradientSums sums) => new(sums.Rows, Gradient(sums), Hessian(sums));

    /// <summary>Value of a leaf with these sums, before shrinkage; 0 when nothing is known.</summary>
    public double LeafValue(in GradientSums sums)
    {
        double curvature = Hessian(sums) + _l2;
        return curvature > 0 ? Clip(-Threshold(Gradient(sums)) / curvature) : Math.Clamp(0, Lower, Upper);
    }

    /// <summary>Decrease of twice the loss that the best value of a leaf with these sums brings.</summary>
    public double Score(in GradientSums sums)
    {
        double gradient = Threshold(Gradient(sums));
        double curvature = Hessian(sums) + _l2;
        if (!(curvature > 0))
            return 0;
        if (IsUnclipped)
            return gradient * gradient / curvature;
        double value = Clip(-gradient / curvature);
        return -(2 * gradient + curvature * value) * value;
    }

    /// <summary>The sum of the children's scores that a split of this node must exceed.</summary>
    public double ScoreToBeat(in GradientSums node)
    {
        double score = Score(node);
        return score + _minGain + Noise * score;
    }

    /// <summary>True when two children stand to each other as a monotone constraint wants.</summary>
    public bool InOrder(in GradientSums left, in GradientSums right) => Direction == 0 || Direction * (LeafValue(right) - LeafValue(left)) >= 0;

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

    private bool IsUnclipped => double.IsPositiveInfinity(_maxStep) && double.IsNegativeInfinity(Lower) && double.IsPositiveInfinity(Upper);

    // The bounds come last: a step limit may not break a constraint.
    private double Clip(double value) => Math.Clamp(Math.Clamp(value, -_maxStep, _maxStep), Lower, Upper);

    private double Gradient(in GradientSums sums) => sums.Gradient * GradientUnit;

    private double Hessian(in GradientSums sums) => sums.Hessian * HessianUnit;

    private double Threshold(double gradient) => _l1 == 0 ? gradient : Math.CopySign(Math.Max(Math.Abs(gradient) - _l1, 0), gradient);
}
