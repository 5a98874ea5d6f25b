using System.Numerics.Tensors;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Tweedie likelihood of an amount that is often 0, without what does not depend on the margin: e^((2-p) m) / (2-p) - y e^((1-p) m) / (1-p), with m the logarithm of what is expected.</summary>
/// <param name="power">p: the variance grows as the mean to this power; above 1 (Poisson) and below 2 (gamma).</param>
/// <remarks>Source: Jorgensen 1987; the same derivatives as LightGBM's tweedie and XGBoost's reg:tweedie.</remarks>
internal sealed class Tweedie(double power) : IObjective
{
    private const int Block = 512;

    public string Name => "tweedie";

    public string LabelRule => "a finite number, 0 and up";

    public bool Accepts(float label) => label >= 0 && float.IsFinite(label);

    public OutputLink Link => OutputLink.Exp;

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => Math.Log(LabelStatistics.Mean(labels, weights));

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        Span<double> scratch = stackalloc double[2 * Block];
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            Span<double> low = scratch[..block.Length], high = scratch.Slice(Block, block.Length);
            Powers(block.Margins, low, high);
            for (int row = 0; row < block.Length; row++)
            {
                double weight = block.Weight(row), label = block.Labels[row];
                gradients[start + row] = (float)(weight * (high[row] - label * low[row]));
                hessians[start + row] = (float)(weight * ((2 - power) * high[row] - (1 - power) * label * low[row]));
            }
        }
    }

    public double Loss(in LossRows rows)
    {
        Span<double> scratch = stackalloc double[2 * Block];
        double sum = 0;
        for (int start = 0; start < rows.Length; start += Block)
        {
            LossRows block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            Span<double> low = scratch[..block.Length], high = scratch.Slice(Block, block.Length);
            Powers(block.Margins, low, high);
            for (int row = 0; row < block.Length; row++)
                sum += block.Weight(row) * (high[row] / (2 - power) - block.Labels[row] * low[row] / (1 - power));
        }
        return sum;
    }

    // e^((1-p) m) and e^((2-p) m).
    private void Powers(ReadOnlySpan<double> margins, Span<double> low, Span<double> high)
    {
        for (int row = 0; row < margins.Length; row++)
            (low[row], high[row]) = ((1 - power) * margins[row], (2 - power) * margins[row]);
        TensorPrimitives.Exp<double>(low, low);
        TensorPrimitives.Exp<double>(high, high);
    }
}
