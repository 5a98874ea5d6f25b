using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Follows a first tree split by split, and tries at every step every split of every open leaf: thresholds, both sides of missing, all sets of categories.</summary>
/// <remarks>Where two splits gain the same, either is right: sums here are doubles, and the trainer's are rounded to float32.</remarks>
internal sealed class ExactGreedyCheck
{
    // Derivatives have 23 bits at least, and scores of these tables stay below a hundred.
    private const double Tolerance = 2e-5;
    private readonly SmallTable _table;
    private readonly BoosterOptions _options;
    private readonly GreedyScore _score;

    public ExactGreedyCheck(SmallTable table, BoosterOptions options)
    {
        (_table, _options) = (table, options);
        _score = new GreedyScore(table.Labels, table.Weights, options);
    }

    /// <summary>Fails unless the tree is one that exact greedy growth gives.</summary>
    public void Check(DecisionTree tree)
    {
        var open = new List<Place> { new(tree.NodeCount == 0 ? ~0 : 0, 0, [.. Enumerable.Range(0, _table.RowCount)]) };
        for (int node = 0; node < tree.NodeCount; node++)
        {
            Place chosen = open.Single(place => place.Child == node);
            open.Remove(chosen);
            int feature = tree.Feature[node], number = node;
            int[] left = [.. chosen.Rows.Where(row => tree.GoesLeft(number, _table.Columns[feature][row]))], right = [.. chosen.Rows.Except(left)];
            Assert.True(_score.Allows(left) && _score.Allows(right), $"node {node} has a child that is too small");
            double gain = _score.Gain(left, right);
            Assert.True(gain >= BestGain(chosen) - Tolerance, $"node {node} gains {gain}, its best split {BestGain(chosen)}");
            foreach (Place other in open.Where(other => ComesFirst(other, chosen, gain)))
                Assert.Fail($"node {node} was split, gain {gain}, before another leaf of depth {other.Depth} with gain {BestGain(other)}");
            open.Add(new Place(tree.Left[node], chosen.Depth + 1, left));
            open.Add(new Place(tree.Right[node], chosen.Depth + 1, right));
        }
        foreach (Place leaf in open)
        {
            Assert.True(leaf.Child < 0 && (_options.MaxDepth == 0 || leaf.Depth <= _options.MaxDepth));
            Assert.Equal(_score.Step(leaf.Rows) * _options.LearningRate, tree.LeafValue[~leaf.Child], 1e-5);
            Assert.True(tree.LeafCount >= _options.MaxLeaves || BestGain(leaf) <= _options.MinGain + Tolerance, $"leaf {~leaf.Child} was left whole, with a split that gains {BestGain(leaf)}");
        }
        Assert.InRange(tree.LeafCount, 1, _options.MaxLeaves);
    }

    private bool ComesFirst(Place other, Place chosen, double gain)
    {
        double best = BestGain(other);
        if (best <= _options.MinGain + Tolerance)
            return false;
        return _options.Growth == GrowthPolicy.DepthWise && other.Depth != chosen.Depth ? other.Depth < chosen.Depth : best > gain + Tolerance;
    }

    private double BestGain(Place leaf)
    {
        if (_options.MaxDepth > 0 && leaf.Depth >= _options.MaxDepth)
            return 0;
        double best = 0;
        for (int feature = 0; feature < _table.Columns.Length; feature++)
        {
            foreach (Func<float, bool> goesLeft in Splits(feature, leaf.Rows))
            {
                float[] column = _table.Columns[feature];
                int[] left = [.. leaf.Rows.Where(row => goesLeft(column[row]))], right = [.. leaf.Rows.Where(row => !goesLeft(column[row]))];
                if (_score.Allows(left) && _score.Allows(right))
                    best = Math.Max(best, _score.Gain(left, right));
            }
        }
        return best;
    }

    private IEnumerable<Func<float, bool>> Splits(int feature, int[] rows)
    {
        float[] present = [.. rows.Select(row => _table.Columns[feature][row]).Where(value => !float.IsNaN(value)).Distinct().Order()];
        foreach (bool missingLeft in (bool[])[false, true])
        {
            if (_table.Categories[feature] == 0)
            {
                foreach (float last in present)
                    yield return value => float.IsNaN(value) ? missingLeft : value <= last;
                continue;
            }
            for (int set = 1; set < 1 << _table.Categories[feature]; set++)
            {
                int codes = set;
                yield return value => float.IsNaN(value) ? missingLeft : (codes >>> (int)value & 1) != 0;
            }
        }
    }

    /// <summary>A leaf of the tree so far.</summary>
    /// <param name="Child">What became of it: a node, or a leaf as ~leaf.</param>
    /// <param name="Depth">Splits above it.</param>
    /// <param name="Rows">Its rows.</param>
    private sealed record Place(int Child, int Depth, int[] Rows);
}
