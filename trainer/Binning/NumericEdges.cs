namespace ChurnEngine.Trainer;

/// <summary>Places the upper edges of a numeric feature's bins.</summary>
internal static class NumericEdges
{
    /// <summary>Ascending upper edges: a value belongs to the first bin whose edge it does not exceed.</summary>
    /// <param name="sorted">Values of the feature, ascending, no NaN, zeros all of one sign.</param>
    /// <param name="maxBins">2 and up.</param>
    /// <returns>[bins] float32 edges, the last one infinite; one bin when there are no values.</returns>
    /// <remarks>
    /// With few distinct values each gets a bin of its own. Else a value that is as frequent as a whole bin gets one, and the
    /// others share what is left by equal counts. Source: the greedy binning of LightGBM (Ke et al. 2017).
    /// </remarks>
    public static float[] Place(ReadOnlySpan<float> sorted, int maxBins)
    {
        // Rows that fill a bin by themselves.
        int heavy = Math.Max(1, (int)Math.Ceiling((double)sorted.Length / maxBins));
        Tally tally = Count(sorted, heavy);
        var edges = new List<float>(maxBins);
        if (tally.Runs <= maxBins)
            CloseEach(sorted, edges);
        else
            CloseGreedily(sorted, tally, (heavy, maxBins), edges);
        edges.Add(float.PositiveInfinity);
        return [.. edges];
    }

    /// <summary>A float32 t with low &lt;= t &lt; high, near the middle, so that <c>x &lt;= t</c> parts the two values; an infinity is parted from every finite number.</summary>
    public static float Between(float low, float high)
    {
        if (float.IsPositiveInfinity(high))
            return float.MaxValue;
        float middle = (float)(low + ((double)high - low) / 2);
        return middle >= low && middle < high && float.IsFinite(middle) ? middle : low;
    }

    // A run is a value and its equals. They are walked over and never listed: a column may have as many as rows.
    private static int EndOfRun(ReadOnlySpan<float> sorted, int start)
    {
        int end = start + 1;
        while (end < sorted.Length && sorted[end] == sorted[start])
            end++;
        return end;
    }

    private static Tally Count(ReadOnlySpan<float> sorted, int heavy)
    {
        var tally = new Tally();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = EndOfRun(sorted, start);
            tally.Runs++;
            if (end - start >= heavy)
                tally.HeavyRuns++;
            else
                tally.LightRows += end - start;
        }
        return tally;
    }

    private static void CloseEach(ReadOnlySpan<float> sorted, List<float> edges)
    {
        for (int start = 0, end; start < sorted.Length && (end = EndOfRun(sorted, start)) < sorted.Length; start = end)
            edges.Add(Between(sorted[start], sorted[end]));
    }

    private static void CloseGreedily(ReadOnlySpan<float> sorted, in Tally tally, (int HeavyRows, int MaxBins) limits, List<float> edges)
    {
        int lightBins = limits.MaxBins - tally.HeavyRuns;
        long lightRows = tally.LightRows, inBin = 0;
        double target = (double)lightRows / Math.Max(lightBins, 1);
        for (int start = 0, end; edges.Count < limits.MaxBins - 1 && (end = EndOfRun(sorted, start)) < sorted.Length; start = end)
        {
            bool isHeavy = end - start >= limits.HeavyRows;
            inBin += end - start;
            if (!isHeavy)
                lightRows -= end - start;
            int lastOfHeavy = end + limits.HeavyRows - 1;
            bool nextIsHeavy = lastOfHeavy < sorted.Length && sorted[lastOfHeavy] == sorted[end];
            if (!isHeavy && inBin < target && !(nextIsHeavy && inBin >= Math.Max(1, target / 2)))
                continue;
            edges.Add(Between(sorted[start], sorted[end]));
            inBin = 0;
            if (!isHeavy)
                target = (double)lightRows / Math.Max(--lightBins, 1);
        }
    }

    private struct Tally
    {
        public int Runs;
        public int HeavyRuns;
        public long LightRows;
    }
}
