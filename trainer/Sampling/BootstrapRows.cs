namespace ChurnEngine.Trainer;

/// <summary>A bootstrap: each row as often as a Poisson variable of mean 1 says, which is drawing with replacement when rows are many (Oza and Russell 2001).</summary>
/// <param name="seed">Key of every draw.</param>
internal sealed class BootstrapRows(ulong seed) : IRowSampler
{
    private const ulong Stream = 0x12_0000_0000;

    // Chances of at most 0, 1, 2, ... draws.
    private static readonly double[] s_atMost = AtMost();

    public bool KeepsAll => false;

    public void StartTree(int tree, IGradientRanks gradients)
    {
    }

    public void Weigh(int tree, int firstRow, ReadOnlySpan<float> gradients, Span<float> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            double chance = KeyedRandom.Unit(seed, Stream + (ulong)tree, (ulong)(firstRow + i));
            int draws = 0;
            while (draws < s_atMost.Length && chance >= s_atMost[draws])
                draws++;
            weights[i] = draws;
        }
    }

    private static double[] AtMost()
    {
        double[] sums = new double[16];
        double term = Math.Exp(-1), sum = 0;
        for (int draws = 0; draws < sums.Length; draws++)
        {
            sums[draws] = sum += term;
            term /= draws + 1;
        }
        return sums;
    }
}
