namespace ChurnEngine.Trainer;

/// <summary>The penalty of the elastic net: alpha * (ratio * sum |b| + (1 - ratio) / 2 * sum b^2). Coefficient 0 is the intercept, which is free.</summary>
internal readonly record struct ElasticNet(double Alpha, double L1Ratio)
{
    /// <summary>Weight of the absolute values.</summary>
    public double L1 => Alpha * L1Ratio;

    /// <summary>Weight of half the squares.</summary>
    public double L2 => Alpha * (1 - L1Ratio);

    /// <summary>The penalty of all coefficients.</summary>
    public double Of(ReadOnlySpan<double> coefficients)
    {
        double absolutes = 0, squares = 0;
        foreach (double b in coefficients[1..])
        {
            absolutes += Math.Abs(b);
            squares += b * b;
        }
        return L1 * absolutes + L2 / 2 * squares;
    }

    /// <summary>How far the objective is from optimal: the largest distance of 0 from its subgradient in any coefficient.</summary>
    /// <param name="gradient">[P + 1] of the loss.</param>
    /// <param name="coefficients">[P + 1].</param>
    public double Violation(ReadOnlySpan<double> gradient, ReadOnlySpan<double> coefficients)
    {
        double worst = Math.Abs(gradient[0]);
        for (int j = 1; j < gradient.Length; j++)
        {
            double b = coefficients[j];
            double slope = gradient[j] + L2 * b;
            worst = Math.Max(worst, b == 0 ? Math.Abs(slope) - L1 : Math.Abs(slope + Math.Sign(b) * L1));
        }
        return worst;
    }

    /// <summary>The coefficient that minimises curvature / 2 * (b - target)^2 plus the penalty.</summary>
    public double Minimum(double curvature, double target)
    {
        double pull = curvature * target;
        return pull > L1 ? (pull - L1) / (curvature + L2) : pull < -L1 ? (pull + L1) / (curvature + L2) : 0;
    }
}
