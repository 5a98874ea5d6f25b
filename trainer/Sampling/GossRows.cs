namespace ChurnEngine.Trainer;

/// <summary>Gradient-based one-side sampling: the rows with the largest gradients, and a share of the others that counts for all of them (Ke et al. 2017).</summary>
/// <param name="top">Share of all rows that is kept for its gradients, above 0.</param>
/// <param name="other">Share of all rows that is drawn from the rest, above 0; both together at most 1.</param>
/// <param name="seed">Key of every draw.</param>
internal sealed class GossRows(double top, double other, ulong seed) : IRowSampler
{
    private const ulong Stream = 0x11_0000_0000;
    private readonly double _chance = Math.Min(1, other / (1 - top));
    private float _threshold;

    public bool KeepsAll => top + other >= 1;

    public void StartTree(int tree, IGradientRanks gradients) => _threshold = gradients.MagnitudeOfTop(top);

    public void Weigh(int tree, int firstRow, ReadOnlySpan<float> gradients, Span<float> weights)
    {
        float weight = (float)(1 / _chance);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = MathF.Abs(gradients[i]) >= _threshold ? 1
                : KeyedRandom.Unit(seed, Stream + (ulong)tree, (ulong)(firstRow + i)) < _chance ? weight : 0;
        }
    }
}
