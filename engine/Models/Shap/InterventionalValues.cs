namespace ChurnEngine.Models;

/// <summary>What a leaf gives to each feature of its path where an unknown feature takes its value from a row of a background sample, averaged over the sample.</summary>
/// <remarks>
/// A leaf counts in a coalition when each of its slots is passed by the row (and known) or by the background row (and unknown). With a slots that the row alone passes
/// and b that the background row alone passes, none that neither does, each of the a gets v (a-1)! b! / (a+b)! and each of the b loses v a! (b-1)! / (a+b)!.
/// Background rows with one pattern are one row with a weight, so that the cost does not grow with the sample. Source: Lundberg et al. 2020 (interventional TreeSHAP).
/// </remarks>
internal sealed class InterventionalValues(TreeEnsemble ensemble, ReadOnlyMemory<float> background) : ILeafValues
{
    private readonly int _rows = background.Length / ensemble.FeatureCount;

    /// <inheritdoc/>
    public void Fill(int tree, LeafPath path, Span<double> table)
    {
        int slots = path.Slots, patterns = 1 << slots, all = patterns - 1;
        double[] weight = new double[patterns];
        for (int row = 0; row < _rows; row++)
            weight[path.PatternOf(ensemble.Trees[tree], background.Span.Slice(row * ensemble.FeatureCount, ensemble.FeatureCount))] += 1.0 / _rows;
        table.Clear();
        for (int other = 0; other < patterns; other++)
        {
            if (weight[other] == 0)
                continue;
            // The row must pass what the background row does not; of the rest it may pass anything.
            int needed = all & ~other;
            for (int free = other; ; free = (free - 1) & other)
            {
                AddPair(needed | free, other, path.Value * weight[other], table);
                if (free == 0)
                    break;
            }
        }
    }

    private static void AddPair(int pattern, int other, double value, Span<double> table)
    {
        int gains = pattern & ~other, losses = other & ~pattern, patterns = (pattern | other) + 1;
        double gain = value * InterventionalShap.Share(int.PopCount(gains) - 1, int.PopCount(losses));
        double loss = value * InterventionalShap.Share(int.PopCount(losses) - 1, int.PopCount(gains));
        for (int left = gains; left != 0; left &= left - 1)
            table[int.TrailingZeroCount(left) * patterns + pattern] += gain;
        for (int left = losses; left != 0; left &= left - 1)
            table[int.TrailingZeroCount(left) * patterns + pattern] -= loss;
    }
}
