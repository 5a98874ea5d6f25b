namespace ChurnEngine.Trainer;

/// <summary>Every row with the same chance, drawn anew for each tree (Friedman 2002).</summary>
/// <param name="share">Chance of a row, above 0 up to 1.</param>
/// <param name="seed">Key of every draw.</param>
internal sealed class UniformRows(double share, ulong seed) : IRowSampler
{
    private const ulong Stream = 0x10_0000_0000;

    public bool KeepsAll => share >= 1;

    public void StartTree(int tree, IGradientRanks gradients)
    {
    }

    public void Weigh(int tree, int firstRow, ReadOnlySpan<float> gradients, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = KeyedRandom.Unit(seed, Stream + (ulong)tree, (ulong)(firstRow + i)) < share ? 1 : 0;
    }
}
