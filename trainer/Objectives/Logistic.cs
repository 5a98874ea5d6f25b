using System.Numerics.Tensors;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Log-loss: ln(1 + e^m) - y m, with m the log-odds.</summary>
/// <remarks>Finite for every finite margin: the loss goes through e^-|m|, and an overflow in the sigmoid 1 / (1 + e^-m) gives 0, its limit.
/// Equality with the scalar forms: bounded, derivatives by 1e-6 and sums by a relative 1e-12.</remarks>
internal sealed class Logistic : IObjective
{
    private const int Block = 512;

    /// <summary>The labels that fit.</summary>
    public const string Labels = "0 or 1";

    public static Logistic Instance { get; } = new();

    public string Name => "logistic";

    public string LabelRule => Labels;

    public OutputLink Link => OutputLink.Sigmoid;

    public bool Accepts(float label) => label is 0 or 1;

    public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        double share = LabelStatistics.Mean(labels, weights);
        return Math.Log(share / (1 - share));
    }

    public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        Span<double> scratch = stackalloc double[Block];
        for (int start = 0; start < rows.Length; start += Block)
        {
            int count = Math.Min(Block, rows.Length - start);
            LossRows block = rows.Slice(start, count);
            Span<double> probability = scratch[..count];
            TensorPrimitives.Sigmoid(block.Margins, probability);
            Span<float> g = gradients.Slice(start, count), h = hessians.Slice(start, count);
            for (int row = 0; row < count; row++)
            {
                double p = probability[row];
                double weight = block.Weights.IsEmpty ? 1 : block.Weights[row];
                g[row] = (float)(weight * (p - block.Labels[row]));
                h[row] = (float)(weight * (p * (1 - p)));
            }
        }
    }

    public double Loss(in LossRows rows)
    {
        Span<double> scratch = stackalloc double[Block];
        double sum = 0;
        for (int start = 0; start < rows.Length; start += Block)
        {
            int count = Math.Min(Block, rows.Length - start);
            LossRows block = rows.Slice(start, count);
            Span<double> softplus = scratch[..count];
            TensorPrimitives.Abs(block.Margins, softplus);
            TensorPrimitives.Negate(softplus, softplus);
            TensorPrimitives.Exp(softplus, softplus);
            if (block.Weights.IsEmpty)
            {
                sum += UnweightedLoss(block, softplus);
                continue;
            }
            TensorPrimitives.LogP1(softplus, softplus);
            for (int row = 0; row < count; row++)
                sum += block.Weights[row] * (softplus[row] + Linear(block, row));
        }
        return sum;
    }

    // One logarithm for the block: 512 factors of at most 2 do not overflow. What is lost below 1e-16 of a row's loss is lost in any sum with 1.
    private static double UnweightedLoss(in LossRows block, Span<double> exponentials)
    {
        TensorPrimitives.Add(exponentials, 1, exponentials);
        double sum = Math.Log(TensorPrimitives.Product<double>(exponentials));
        for (int row = 0; row < block.Length; row++)
            sum += Linear(block, row);
        return sum;
    }

    private static double Linear(in LossRows block, int row) => Math.Max(block.Margins[row], 0) - block.Labels[row] * block.Margins[row];

    /// <summary>The definition of <see cref="Gradients"/>.</summary>
    internal static void GradientsScalar(in LossRows rows, Span<float> gradients, Span<float> hessians)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            double p = 1 / (1 + Math.Exp(-rows.Margins[row]));
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row];
            gradients[row] = (float)(weight * (p - rows.Labels[row]));
            hessians[row] = (float)(weight * (p * (1 - p)));
        }
    }

    /// <summary>The definition of <see cref="Loss"/>.</summary>
    internal static double LossScalar(in LossRows rows)
    {
        double sum = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            double margin = rows.Margins[row];
            double loss = double.LogP1(Math.Exp(-Math.Abs(margin))) + Math.Max(margin, 0) - rows.Labels[row] * margin;
            sum += rows.Weights.IsEmpty ? loss : rows.Weights[row] * loss;
        }
        return sum;
    }
}
