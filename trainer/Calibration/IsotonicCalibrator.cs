using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Isotonic calibration: pooled blocks of rising rates, joined by straight lines between their centres.</summary>
public static class IsotonicCalibrator
{
    // Fewer rows than this say little of a rate, and a model's file keeps so many knots.
    private const int LeastRows = 25, MostBlocks = 200;

    /// <summary>Pools adjacent rows until rates rise, then blocks until each has enough rows.</summary>
    /// <param name="margins">[N] finite log-odds of rows that the trees were not trained on.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <returns>At most 200 knots of 25 rows and N / 200 at least (fewer rows: one knot). A block's rate counts one row more, of the overall rate, so that none is 0 or 1.
    /// Beyond the outermost knots log-odds go on as steep as Platt's sigmoid.</returns>
    /// <remarks>
    /// Memory: 12 bytes a row and 24 a block. Errors: as <see cref="PlattCalibrator.Fit"/>.
    /// Source: pool adjacent violators, Ayer et al. 1955; for calibration Zadrozny and Elkan 2002.
    /// </remarks>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        SigmoidCalibration platt = PlattCalibrator.Fit(margins, labels);
        double[] sorted = margins.ToArray();
        float[] outcomes = labels.ToArray();
        Array.Sort(sorted, outcomes);
        var blocks = new List<Block>();
        for (int row = 0; row < sorted.Length; row++)
            Push(blocks, new Block(1, sorted[row], outcomes[row]), isTie: row > 0 && sorted[row] == sorted[row - 1]);
        blocks = Merge(blocks, Math.Max(LeastRows, (sorted.Length + MostBlocks - 1) / MostBlocks));

        double rate = blocks.Sum(block => block.Positives) / sorted.Length;
        var smooth = new List<Block>(blocks.Count);
        foreach (Block block in blocks)
        {
            // A centre that is no other float32 would be no other knot.
            bool isTie = smooth.Count > 0 && (float)block.Centre <= (float)smooth[^1].Centre;
            Push(smooth, new Block(block.Rows + 1, block.MarginSum + block.Centre, block.Positives + rate), isTie);
        }
        return new IsotonicCalibration([.. smooth.Select(block => block.Centre)], [.. smooth.Select(block => Math.Log(block.Rate / (1 - block.Rate)))], platt.Slope);
    }

    /// <summary>Adds a block behind those of lower margins, and pools backwards while rates do not rise.</summary>
    private static void Push(List<Block> blocks, Block next, bool isTie)
    {
        while (blocks.Count > 0 && (isTie || blocks[^1].Rate >= next.Rate))
        {
            next = blocks[^1].And(next);
            blocks.RemoveAt(blocks.Count - 1);
            isTie = false;
        }
        blocks.Add(next);
    }

    // Rates of neighbours that are pooled lie between theirs, so they still rise.
    private static List<Block> Merge(List<Block> blocks, int least)
    {
        var merged = new List<Block>();
        foreach (Block block in blocks)
        {
            if (merged.Count > 0 && merged[^1].Rows < least)
                merged[^1] = merged[^1].And(block);
            else
                merged.Add(block);
        }
        if (merged.Count > 1 && merged[^1].Rows < least)
        {
            merged[^2] = merged[^2].And(merged[^1]);
            merged.RemoveAt(merged.Count - 1);
        }
        return merged;
    }

    private readonly record struct Block(double Rows, double MarginSum, double Positives)
    {
        public double Centre => MarginSum / Rows;

        public double Rate => Positives / Rows;

        public Block And(Block other) => new(Rows + other.Rows, MarginSum + other.MarginSum, Positives + other.Positives);
    }
}
