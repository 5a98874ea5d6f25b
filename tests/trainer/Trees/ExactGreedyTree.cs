using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

/// <summary>The first logistic tree by brute force: every threshold between two values of a node, both sides for missing, no histogram.</summary>
internal sealed class ExactGreedyTree(FeatureMatrix matrix, float[] labels, BoosterOptions options)
{
    private readonly double _mean = labels.Sum(label => (double)label) / labels.Length;

    /// <summary>The leaves, sorted by path.</summary>
    public List<GreedyLeaf> Leaves()
    {
        var open = new List<(string Path, int[] Rows, int Depth)> { ("", [.. Enumerable.Range(0, labels.Length)], 0) };
        while (open.Count < options.MaxLeaves)
        {
            var splits = open.Select(leaf => options.MaxDepth > 0 && leaf.Depth >= options.MaxDepth ? null : BestSplit(leaf.Rows)).ToList();
            if (splits.All(split => split is null))
                break;
            IEnumerable<int> order = Enumerable.Range(0, open.Count).Where(i => splits[i] is not null);
            int chosen = options.Growth == GrowthPolicy.LeafWise
                ? order.OrderByDescending(i => splits[i]!.Gain).First()
                : order.OrderBy(i => open[i].Depth).ThenByDescending(i => splits[i]!.Gain).First();
            (string path, int[] rows, int depth) = open[chosen];
            Candidate split = splits[chosen]!;
            open[chosen] = (path + "L", [.. rows.Where(split.GoesLeft)], depth + 1);
            open.Add((path + "R", [.. rows.Where(row => !split.GoesLeft(row))], depth + 1));
        }
        return [.. open.Select(leaf => new GreedyLeaf(leaf.Path, [.. leaf.Rows.Order()], LeafValue(leaf.Rows))).OrderBy(leaf => leaf.Path, StringComparer.Ordinal)];
    }

    private Candidate? BestSplit(int[] rows)
    {
        Candidate? best = null;
        double score = Score(rows);
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            float Value(int row, int f) => matrix.Row(row)[f];
            int f = feature;
            float[] values = [.. rows.Select(row => Value(row, f)).Where(value => !float.IsNaN(value)).Distinct().Order()];
            bool anyMissing = rows.Any(row => float.IsNaN(Value(row, f)));
            foreach (bool missingLeft in anyMissing ? (bool[])[false, true] : [false])
            {
                foreach (float last in values)
                {
                    bool GoesLeft(int row) => float.IsNaN(Value(row, f)) ? missingLeft : Value(row, f) <= last;
                    int[] left = [.. rows.Where(GoesLeft)], right = [.. rows.Where(row => !GoesLeft(row))];
                    if (Math.Min(left.Length, right.Length) < options.MinRowsInLeaf || Math.Min(Hessian(left), Hessian(right)) < options.MinChildWeight)
                        continue;
                    double gain = Score(left) + Score(right) - score;
                    if (gain <= Math.Max(options.MinGain, 1e-9))
                        continue;
                    int byName = best is null ? -1 : string.CompareOrdinal(matrix.Features[f].Name, best.Name);
                    // Two ways to the same gain differ by rounding here, where sums are doubles.
                    if (best is null || gain > best.Gain + 1e-12 || (gain > best.Gain - 1e-12 && byName < 0))
                        best = new Candidate(gain, matrix.Features[f].Name, GoesLeft);
                }
            }
        }
        return best;
    }

    // Sums from counts of labels: equal partitions give equal bits whatever the order of their rows.
    private double Gradient(int[] rows) => rows.Length * _mean - rows.Count(row => labels[row] == 1);

    private double Hessian(int[] rows) => rows.Length * _mean * (1 - _mean);

    private double Shrunk(int[] rows) => Math.Sign(Gradient(rows)) * Math.Max(Math.Abs(Gradient(rows)) - options.L1, 0);

    private double Step(int[] rows)
    {
        double step = -Shrunk(rows) / (Hessian(rows) + options.L2);
        return options.MaxDeltaStep > 0 ? Math.Clamp(step, -options.MaxDeltaStep, options.MaxDeltaStep) : step;
    }

    private double Score(int[] rows) => -(2 * Shrunk(rows) * Step(rows) + (Hessian(rows) + options.L2) * Step(rows) * Step(rows));

    private double LeafValue(int[] rows) => Step(rows) * options.LearningRate;

    private sealed record Candidate(double Gain, string Name, Func<int, bool> GoesLeft);
}

/// <summary>A leaf: the turns from the root, its rows, its value.</summary>
internal sealed record GreedyLeaf(string Path, int[] Rows, double Value);
