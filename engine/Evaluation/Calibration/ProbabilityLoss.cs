using System.Numerics.Tensors;

namespace ChurnEngine.Evaluation;

/// <summary>How far probabilities are from the outcomes, averaged over the rows.</summary>
/// <remarks>Sums run in double over fixed chunks; the scalar forms are the definition. Equality: bounded, relative 1e-12.</remarks>
public static class ProbabilityLoss
{
    // float32's machine epsilon, as scikit-learn clips float32 input: a certain and wrong row costs 15.9 nats, not infinity.
    internal const double Epsilon = 1.0 / (1 << 23);
    private const int Chunk = 1024;

    /// <summary>Mean of -ln(probability of what happened).</summary>
    /// <param name="probability">[N] 0..1, clipped to 2^-23 from either end; a NaN makes the result NaN.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="weights">[N] weight of each row, 0 and up, or empty for 1 everywhere.</param>
    /// <returns>Nats, 0 and up; NaN for no rows, or no weight.</returns>
    /// <remarks>Memory: allocates nothing. Errors: ArgumentException when the lengths differ.</remarks>
    public static double LogLoss(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        RequireSameLength(probability, labels, weights);
        Span<double> given = stackalloc double[Chunk];
        Span<double> outcome = stackalloc double[Chunk];
        double sum = 0;
        for (int start = 0; start < probability.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, probability.Length - start);
            Span<double> p = given[..count], y = outcome[..count];
            TensorPrimitives.ConvertChecked(probability.Slice(start, count), p);
            TensorPrimitives.ConvertChecked(labels.Slice(start, count), y);
            // |1 - y - p| is p where y = 1 and 1 - p where y = 0, without a branch and without rounding p.
            TensorPrimitives.Add(p, y, p);
            TensorPrimitives.Subtract(1.0, p, p);
            TensorPrimitives.Abs(p, p);
            TensorPrimitives.Max(p, Epsilon, p);
            TensorPrimitives.Min(p, 1 - Epsilon, p);
            TensorPrimitives.Log(p, p);
            sum -= weights.IsEmpty ? TensorPrimitives.Sum<double>(p) : Dot(p, weights.Slice(start, count), y);
        }
        return sum / WeightSum(probability.Length, weights);
    }

    /// <summary>Mean squared difference of probability and outcome (the Brier score).</summary>
    /// <param name="probability">[N] 0..1; a NaN makes the result NaN.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="weights">[N] weight of each row, 0 and up, or empty for 1 everywhere.</param>
    /// <returns>0..1; NaN for no rows, or no weight.</returns>
    /// <remarks>Memory: allocates nothing. Errors: ArgumentException when the lengths differ. Source: Brier 1950.</remarks>
    public static double Brier(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        RequireSameLength(probability, labels, weights);
        Span<double> given = stackalloc double[Chunk];
        Span<double> outcome = stackalloc double[Chunk];
        double sum = 0;
        for (int start = 0; start < probability.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, probability.Length - start);
            Span<double> p = given[..count], y = outcome[..count];
            TensorPrimitives.ConvertChecked(probability.Slice(start, count), p);
            TensorPrimitives.ConvertChecked(labels.Slice(start, count), y);
            TensorPrimitives.Subtract(p, y, p);
            if (!weights.IsEmpty)
                TensorPrimitives.Multiply(p, p, p);
            sum += weights.IsEmpty ? TensorPrimitives.SumOfSquares<double>(p) : Dot(p, weights.Slice(start, count), y);
        }
        return sum / WeightSum(probability.Length, weights);
    }

    internal static double LogLossScalar(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        double sum = 0;
        for (int row = 0; row < probability.Length; row++)
        {
            double happened = labels[row] == 1 ? probability[row] : 1.0 - probability[row];
            sum -= (weights.IsEmpty ? 1 : weights[row]) * Math.Log(Math.Clamp(happened, Epsilon, 1 - Epsilon));
        }
        return sum / WeightSum(probability.Length, weights);
    }

    internal static double BrierScalar(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        double sum = 0;
        for (int row = 0; row < probability.Length; row++)
        {
            double error = (double)probability[row] - labels[row];
            sum += (weights.IsEmpty ? 1 : weights[row]) * error * error;
        }
        return sum / WeightSum(probability.Length, weights);
    }

    private static double Dot(ReadOnlySpan<double> losses, ReadOnlySpan<float> weights, Span<double> room)
    {
        TensorPrimitives.ConvertChecked(weights, room);
        return TensorPrimitives.Dot(losses, room);
    }

    private static double WeightSum(int rows, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty)
            return rows;
        double sum = 0;
        foreach (float weight in weights)
            sum += weight;
        return sum;
    }

    private static void RequireSameLength(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (probability.Length != labels.Length || (weights.Length != 0 && weights.Length != labels.Length))
            throw new ArgumentException($"{probability.Length} probabilities, {labels.Length} labels, {weights.Length} weights", nameof(labels));
    }
}
