using MathNet.Numerics.Distributions;

namespace ChurnEngine.Bench;

/// <summary>How a cost grows with a size: cost = c * size^exponent. 1 is linear.</summary>
/// <param name="Exponent">Slope of log(cost) over log(size), by least squares.</param>
/// <param name="Range">95% interval of the exponent; null with two sizes, through which every line passes.</param>
/// <param name="Factor">c, the cost at size 1.</param>
internal sealed record GrowthFit(double Exponent, Interval? Range, double Factor)
{
    /// <summary>Fits sizes and their costs, both above 0; several costs may belong to one size.</summary>
    /// <remarks>The interval is Student's for a slope. It speaks of the scatter about a straight line; where a cache ends, the line bends and the interval says so by its width.
    /// Source: Draper and Smith 1998, section 1.4.</remarks>
    public static GrowthFit Of(IReadOnlyList<double> sizes, IReadOnlyList<double> costs)
    {
        if (sizes.Count != costs.Count)
            throw new ArgumentException($"{sizes.Count} sizes but {costs.Count} costs", nameof(costs));
        double[] x = [.. sizes.Select(size => Math.Log(size))], y = [.. costs.Select(cost => Math.Log(cost))];
        if (!x.All(double.IsFinite) || !y.All(double.IsFinite))
            throw new ArgumentException("sizes and costs must be above zero", nameof(sizes));
        if (x.Distinct().Count() < 2)
            throw new ArgumentException("growth needs two sizes at least", nameof(sizes));
        double meanX = x.Average(), meanY = y.Average();
        double spread = x.Sum(value => (value - meanX) * (value - meanX));
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        double start = meanY - slope * meanX;
        return new GrowthFit(slope, SlopeRange(x, y, (slope, start, spread)), Math.Exp(start));
    }

    private static Interval? SlopeRange(double[] x, double[] y, (double Slope, double Start, double Spread) line)
    {
        int freedom = x.Length - 2;
        if (freedom == 0)
            return null;
        double squares = x.Zip(y, (a, b) => b - line.Start - line.Slope * a).Sum(residual => residual * residual);
        double reach = StudentT.InvCDF(0, 1, freedom, 0.975) * Math.Sqrt(squares / freedom / line.Spread);
        return new Interval(line.Slope - reach, line.Slope + reach);
    }
}
