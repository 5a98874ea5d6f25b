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
        List<Run> runs = RunsOf(sorted);
        var lastRuns = runs.Count <= maxBins ? Enumerable.Range(0, Math.Max(runs.Count - 1, 0)).ToList() : CloseGreedily(runs, sorted.Length, maxBins);
        float[] edges = new float[lastRuns.Count + 1];
        for (int bin = 0; bin < lastRuns.Count; bin++)
            edges[bin] = Between(runs[lastRuns[bin]].Value, runs[lastRuns[bin] + 1].Value);
        edges[^1] = float.PositiveInfinity;
        return edges;
    }

    /// <summary>A float32 t with low &lt;= t &lt; high, near the middle, so that <c>x &lt;= t</c> parts the two values.</summary>
    public static float Between(float low, float high)
    {
        float middle = (float)(low + ((double)high - low) / 2);
        return middle >= low && middle < high && float.IsFinite(middle) ? middle : low;
    }

    private static List<Run> RunsOf(ReadOnlySpan<float> sorted)
    {
        var runs = new List<Run>();
        for (int start = 0, next; start < sorted.Length; start = next)
        {
            next = start + 1;
            while (next < sorted.Length && sorted[next] == sorted[start])
                next++;
            runs.Add(new Run(sorted[start], next - start));
        }
        return runs;
    }

    // The index of the last run of each bin but the last.
    private static List<int> CloseGreedily(List<Run> runs, int total, int maxBins)
    {
        double heavy = (double)total / maxBins;
        long lightRows = 0;
        int lightBins = maxBins;
        foreach (Run run in runs)
        {
            if (run.Count >= heavy)
                lightBins--;
            else
                lightRows += run.Count;
        }

        var closed = new List<int>(maxBins - 1);
        double target = (double)lightRows / Math.Max(lightBins, 1);
        long inBin = 0;
        for (int i = 0; i < runs.Count - 1 && closed.Count < maxBins - 1; i++)
        {
            bool isHeavy = runs[i].Count >= heavy;
            inBin += runs[i].Count;
            if (!isHeavy)
                lightRows -= runs[i].Count;
            bool nextIsHeavy = runs[i + 1].Count >= heavy;
            if (!isHeavy && inBin < target && !(nextIsHeavy && inBin >= Math.Max(1, target / 2)))
                continue;
            closed.Add(i);
            inBin = 0;
            if (!isHeavy)
                target = (double)lightRows / Math.Max(--lightBins, 1);
        }
        return closed;
    }

    private readonly record struct Run(float Value, int Count);
}
