using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

/// <summary>The first logistic tree by brute force: every threshold between two values of a node, both sides for missing, no histogram.</summary>
internal sealed class ExactGreedyTree(FeatureMatrix matrix, float[] labels, BoosterOptions options)
{
    private readonly GreedyScore _score = new(labels, [], options);

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
        return [.. open.Select(leaf => new GreedyLeaf(leaf.Path, [.. leaf.Rows.Order()], _score.Step(leaf.Rows) * options.LearningRate)).OrderBy(leaf => leaf.Path, StringComparer.Ordinal)];
    }

    private Candidate? BestSplit(int[] rows)
    {
        Candidate? best = null;
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
                    if (!_score.Allows(left) || !_score.Allows(right))
                        continue;
                    double gain = _score.Gain(left, right);
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

    private sealed record Candidate(double Gain, string Name, Func<int, bool> GoesLeft);
}

/// <summary>A leaf: the turns from the root, its rows, its value.</summary>
internal sealed record GreedyLeaf(string Path, int[] Rows, double Value);
