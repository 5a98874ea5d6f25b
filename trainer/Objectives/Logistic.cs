using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
            if (block.Weights.IsEmpty)
            {
                Unweighted(probability, block.Labels, g, h);
                continue;
            }
            for (int row = 0; row < count; row++)
            {
                double p = probability[row], weight = block.Weights[row];
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

    private static void Unweighted(ReadOnlySpan<double> probabilities, ReadOnlySpan<float> labels, Span<float> gradients, Span<float> hessians)
    {
        int row = 0;
        for (; row <= labels.Length - Vector512<float>.Count; row += Vector512<float>.Count)
        {
            Vector512<double> p = Vector512.Create(probabilities[row..]), q = Vector512.Create(probabilities[(row + Vector512<double>.Count)..]);
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Create(labels[row..]));
            Vector512.Narrow(p - low, q - high).CopyTo(gradients[row..]);
            Vector512.Narrow(p * (Vector512<double>.One - p), q * (Vector512<double>.One - q)).CopyTo(hessians[row..]);
        }
        for (; row < labels.Length; row++)
        {
            double p = probabilities[row];
            gradients[row] = (float)(p - labels[row]);
            hessians[row] = (float)(p * (1 - p));
        }
    }

    // One logarithm for the block: 512 factors of at most 2 do not overflow. What is lost below 1e-16 of a row's loss is lost in any sum with 1.
    private static double UnweightedLoss(in LossRows block, Span<double> exponentials)
    {
        TensorPrimitives.Add(exponentials, 1, exponentials);
        double sum = Math.Log(TensorPrimitives.Product<double>(exponentials));
        ref readonly double margins = ref MemoryMarshal.GetReference(block.Margins);
        ref readonly float labels = ref MemoryMarshal.GetReference(block.Labels);
        var sums = Vector512<double>.Zero;
        nuint row = 0, count = (nuint)block.Length;
        for (; row + (nuint)Vector512<float>.Count <= count; row += (nuint)Vector512<float>.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(in labels, row));
            sums += Linear(Vector512.LoadUnsafe(in margins, row), low) + Linear(Vector512.LoadUnsafe(in margins, row + (nuint)Vector512<double>.Count), high);
        }
        sum += Vector512.Sum(sums);
        for (; row < count; row++)
            sum += Linear(block, (int)row);
        return sum;
    }

    private static Vector512<double> Linear(Vector512<double> margin, Vector512<double> label) => Vector512.Max(margin, Vector512<double>.Zero) - label * margin;

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
