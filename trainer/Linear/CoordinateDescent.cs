using System.Numerics.Tensors;

namespace ChurnEngine.Trainer;

/// <summary>Minimises a quadratic plus the elastic net, one coefficient at a time.</summary>
/// <remarks>The quadratic is g d + d H d / 2 around the present coefficients; H d is kept up to date, so that a change costs one row of H.
/// Source: Friedman, Hastie and Tibshirani 2010, section 2 (covariance updates, active set).</remarks>
internal sealed class CoordinateDescent(int order)
{
    private const int MostSweeps = 10_000;

    // A column that no weighted row has: it could only run away.
    private const double LeastCurvature = 1e-14;

    private readonly double[] _step = new double[order];
    private readonly double[] _bend = new double[order];

    /// <summary>[P + 1] the step that <see cref="Solve"/> found.</summary>
    public ReadOnlySpan<double> Step => _step;

    /// <summary>Finds the best step.</summary>
    /// <param name="coefficients">[P + 1] where the quadratic is at home; intercept first.</param>
    /// <param name="gradient">[P + 1].</param>
    /// <param name="hessian">[P + 1, P + 1], symmetric, no negative eigenvalue.</param>
    /// <param name="penalty">Of all but the intercept.</param>
    /// <param name="tolerance">Largest change of a derivative in the last sweep.</param>
    public void Solve(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> gradient, ReadOnlySpan<double> hessian, ElasticNet penalty, double tolerance)
    {
        _step.AsSpan().Clear();
        _bend.AsSpan().Clear();
        bool all = true;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double largest = 0;
            for (int j = 0; j < order; j++)
            {
                if (all || coefficients[j] + _step[j] != 0)
                    largest = Math.Max(largest, Update(j, coefficients[j], gradient[j], hessian.Slice(j * order, order), penalty));
            }
            if (largest > tolerance)
                all = false;
            else if (all)
                return;
            else
                all = true;
        }
    }

    private double Update(int j, double coefficient, double gradient, ReadOnlySpan<double> row, ElasticNet penalty)
    {
        double curvature = row[j];
        if (curvature < LeastCurvature)
            return 0;
        double now = coefficient + _step[j];
        double target = now - (gradient + _bend[j]) / curvature;
        double next = j == 0 ? target : penalty.Minimum(curvature, target);
        double change = next - now;
        if (change == 0)
            return 0;
        _step[j] = next - coefficient;
        TensorPrimitives.MultiplyAdd(row, change, _bend, _bend);
        return curvature * Math.Abs(change);
    }
}
