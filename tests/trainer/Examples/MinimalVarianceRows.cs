using ChurnEngine.Trainer;

namespace ChurnEngine.Examples;

/// <summary>Keeps a row with a chance in proportion to its gradient, and weighs it by the inverse (Ibragimov and Gusev 2019).</summary>
public sealed class MinimalVarianceRows(double share, int seed) : IRowSampler
{
    private float _sure;

    public bool KeepsAll => false;

    // Rows at or above this gradient are kept for sure; the chance of the others falls to 0 with theirs.
    public void StartTree(int tree, IGradientRanks gradients) => _sure = gradients.MagnitudeOfTop(share / 2);

    public void Weigh(int tree, int firstRow, ReadOnlySpan<float> gradients, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float chance = Math.Min(1, Math.Abs(gradients[i]) / _sure);
            weights[i] = Draw(tree, firstRow + i) < chance ? 1 / chance : 0;
        }
    }

    // A number in [0, 1) by seed, tree and row alone: chunks are weighed by many threads, in any order.
    private double Draw(int tree, int row)
    {
        ulong mixed = ((ulong)(uint)seed << 32 | (uint)tree) * 0x9E3779B97F4A7C15 + (uint)row;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (mixed >> 11) / (double)(1UL << 53);
    }
}
