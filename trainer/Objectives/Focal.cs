using System.Numerics.Tensors;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Focal loss of a 0/1 label: -a (1 - p)^gamma ln p, with p the probability of what happened and m the log-odds of 1. Rows that are clear already count little.</summary>
/// <param name="gamma">How little, 0 and up; 0 is log-loss.</param>
/// <param name="alpha">a of a positive, above 0 and below 1; 1 - alpha that of a negative.</param>
/// <remarks>
/// With s = m for a positive and -m for a negative, q = 1 - p and l = -ln p, the derivatives by s are -a q^gamma (gamma p l + q) and
/// a q^gamma p (gamma^2 p l + q (1 + 2 gamma - gamma l)). Where a row is badly wrong, l is large and the second turns negative, which no leaf could use: so its last term, the
/// only one below 0, is left out. What remains is never less than the true one, so steps are never longer than Newton's, and it is exact for gamma 0.
/// Finite for every finite margin. Equality with the scalar forms: bounded, derivatives by 1e-6 and sums by a relative 1e-12. Source: Lin et al. 2017.
/// </remarks>
internal sealed class Focal(double gamma, double alpha) : IObjective
{
    /// <summary>As Lin et al. found best.</summary>
    public const double DefaultGamma = 2, DefaultAlpha = 0.25;

    private const int Block = 256;
    private const double FurthestMargin = 50;

    public string Name => "focal";

    public string LabelRule => Logistic.Labels;

    public bool Accepts(float label) => label is 0 or 1;

    public OutputLink Link => OutputLink.Sigmoid;

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        // The slope of the loss of a constant goes from below 0 to above 0; halving finds where.
        double share = LabelStatistics.Mean(labels, weights), low = -FurthestMargin, high = FurthestMargin;
        for (int step = 0; step < 100; step++)
        {
            double middle = (low + high) / 2;
            double slope = share * alpha * Terms(middle).Slope - (1 - share) * (1 - alpha) * Terms(-middle).Slope;
            (low, high) = slope < 0 ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        Span<double> scratch = stackalloc double[3 * Block];
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            var parts = new Parts(scratch, block.Length);
            Fill(block, parts);
            for (int row = 0; row < block.Length; row++)
            {
                bool positive = block.Labels[row] == 1;
                double towards = positive ? block.Margins[row] : -block.Margins[row];
                double small = parts.Small[row], p = (towards >= 0 ? 1 : small) / (1 + small), q = (towards >= 0 ? small : 1) / (1 + small);
                double scale = block.Weight(row) * Share(positive) * parts.Power[row], pl = p * parts.Loss[row];
                double slope = scale * (gamma * pl + q);
                gradients[start + row] = (float)(positive ? -slope : slope);
                hessians[start + row] = (float)(scale * p * (gamma * gamma * pl + q * (1 + 2 * gamma)));
            }
        }
    }

    public double Loss(in LossRows rows)
    {
        Span<double> scratch = stackalloc double[3 * Block];
        double sum = 0;
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            var parts = new Parts(scratch, block.Length);
            Fill(block, parts);
            for (int row = 0; row < block.Length; row++)
                sum += block.Weight(row) * Share(block.Labels[row] == 1) * parts.Power[row] * parts.Loss[row];
        }
        return sum;
    }

    /// <summary>The definition of <see cref="Gradients"/>.</summary>
    internal static void GradientsScalar(Focal focal, in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            bool positive = rows.Labels[row] == 1;
            (_, double slope, double curvature) = focal.Terms(positive ? rows.Margins[row] : -rows.Margins[row]);
            double scale = rows.Weight(row) * focal.Share(positive);
            gradients[row] = (float)(positive ? scale * slope : -scale * slope);
            hessians[row] = (float)(scale * curvature);
        }
    }

    /// <summary>The definition of <see cref="Loss"/>.</summary>
    internal static double LossScalar(Focal focal, in LossRows rows)
    {
        double sum = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            bool positive = rows.Labels[row] == 1;
            sum += rows.Weight(row) * focal.Share(positive) * focal.Terms(positive ? rows.Margins[row] : -rows.Margins[row]).Loss;
        }
        return sum;
    }

    private double Share(bool positive) => positive ? alpha : 1 - alpha;

    // Loss, first and second derivative by s, for a = 1.
    private (double Loss, double Slope, double Curvature) Terms(double s)
    {
        double small = Math.Exp(-Math.Abs(s)), log = double.LogP1(small);
        double l = log + Math.Max(-s, 0), p = (s >= 0 ? 1 : small) / (1 + small), q = (s >= 0 ? small : 1) / (1 + small);
        double power = Math.Exp(-gamma * (log + Math.Max(s, 0)));
        return (power * l, -power * (gamma * p * l + q), power * p * (gamma * gamma * p * l + q * (1 + 2 * gamma)));
    }

    // Of each row e^-|s|, q^gamma and l.
    private void Fill(in LossRows rows, in Parts parts)
    {
        TensorPrimitives.Abs(rows.Margins, parts.Small);
        TensorPrimitives.Negate<double>(parts.Small, parts.Small);
        TensorPrimitives.Exp<double>(parts.Small, parts.Small);
        TensorPrimitives.LogP1<double>(parts.Small, parts.Loss);
        for (int row = 0; row < rows.Length; row++)
        {
            double s = rows.Labels[row] == 1 ? rows.Margins[row] : -rows.Margins[row], log = parts.Loss[row];
            parts.Power[row] = -gamma * (log + Math.Max(s, 0));
            parts.Loss[row] = log + Math.Max(-s, 0);
        }
        TensorPrimitives.Exp<double>(parts.Power, parts.Power);
    }

    private readonly ref struct Parts(Span<double> scratch, int count)
    {
        public Span<double> Small { get; } = scratch[..count];
        public Span<double> Power { get; } = scratch.Slice(Block, count);
        public Span<double> Loss { get; } = scratch.Slice(2 * Block, count);
    }
}
