using System.Numerics.Tensors;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Poisson likelihood of a count, without what does not depend on the margin: e^m - y m, with m the logarithm of what is expected.</summary>
/// <param name="maxDeltaStep">Largest leaf value before shrinkage, above 0.</param>
/// <remarks>
/// A leaf whose labels are far above e^m would want a step that overflows, so steps are limited, and the second derivative is e^(m + limit), its largest within such a step.
/// Source: XGBoost's count:poisson, whose max_delta_step is 0.7 too; LightGBM's poisson has the same second derivative.
/// </remarks>
internal sealed class Poisson(double maxDeltaStep) : IObjective
{
    /// <summary>Where the options set no limit.</summary>
    public const double DefaultMaxDeltaStep = 0.7;

    private const int Block = 512;
    private readonly double _damping = Math.Exp(maxDeltaStep);

    public string Name => "poisson";

    public string LabelRule => "a finite number, 0 and up";

    public bool Accepts(float label) => label >= 0 && float.IsFinite(label);

    public OutputLink Link => OutputLink.Exp;

    public double MaxDeltaStep => maxDeltaStep;

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => Math.Log(LabelStatistics.Mean(labels, weights));

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        Span<double> scratch = stackalloc double[Block];
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            Span<double> expected = scratch[..block.Length];
            TensorPrimitives.Exp(block.Margins, expected);
            for (int row = 0; row < block.Length; row++)
            {
                double weight = block.Weight(row);
                gradients[start + row] = (float)(weight * (expected[row] - block.Labels[row]));
                hessians[start + row] = (float)(weight * (expected[row] * _damping));
            }
        }
    }

    public double Loss(in LossRows rows)
    {
        Span<double> scratch = stackalloc double[Block];
        double sum = 0;
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            Span<double> expected = scratch[..block.Length];
            TensorPrimitives.Exp(block.Margins, expected);
            for (int row = 0; row < block.Length; row++)
                sum += block.Weight(row) * (expected[row] - block.Labels[row] * block.Margins[row]);
        }
        return sum;
    }
}
