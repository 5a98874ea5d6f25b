namespace ChurnEngine.Models;

/// <summary>Gauss-Legendre quadrature on [0, 1]: K points integrate every polynomial up to degree 2K - 1 exactly.</summary>
/// <param name="Points">[K] ascending, inside (0, 1).</param>
/// <param name="Weights">[K] above 0, they sum to 1.</param>
internal sealed record UnitQuadrature(double[] Points, double[] Weights)
{
    /// <summary>Computes the points by Newton's method on the Legendre polynomial, from Chebyshev's estimate of its roots.</summary>
    public static UnitQuadrature Make(int count)
    {
        double[] points = new double[count], weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            double x = -Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            // Quadratic convergence: six steps are twice what double needs, and a fixed number is the same everywhere.
            for (int step = 0; step < 6; step++)
            {
                (double value, slope) = Legendre(count, x);
                x -= value / slope;
            }
            points[i] = 0.5 * (1 + x);
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new UnitQuadrature(points, weights);
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        double before = 1, value = x;
        for (int n = 2; n <= degree; n++)
            (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n);
        return (value, degree * (x * value - before) / (x * x - 1));
    }
}
