using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Every constraint that options put on leaves and paths, on one tree of a training.</summary>
internal static class LeafCheck
{
    /// <summary>Fails where a leaf is too small, too deep or too large, where a path mixes features, or where a monotone feature's sides are out of order; then adds the tree to the margins.</summary>
    /// <param name="tree">Grown at these margins.</param>
    /// <param name="table">What it was grown on; columns 0, 1 and 1, 2 may stand together, the others among themselves.</param>
    /// <param name="options">Their limits; even numeric columns rise, odd ones fall.</param>
    /// <param name="margins">[N] in: before the tree; out: after it.</param>
    public static void Check(DecisionTree tree, SmallTable table, BoosterOptions options, double[] margins)
    {
        float[] row = new float[table.Columns.Length];
        int[] leafOf = new int[table.RowCount];
        for (int i = 0; i < table.RowCount; i++)
        {
            for (int column = 0; column < row.Length; column++)
                row[column] = table.Columns[column][i];
            leafOf[i] = tree.FindLeaf(row);
        }
        for (int leaf = 0; leaf < tree.LeafCount; leaf++)
        {
            int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(i => leafOf[i] == leaf)];
            double[] chance = [.. margins.Select(margin => 1 / (1 + Math.Exp(-margin)))];
            Assert.True(tree.LeafCount == 1 || rows.Length >= options.MinRowsInLeaf);
            Assert.True(tree.LeafCount == 1 || rows.Sum(i => table.Weights[i] * chance[i] * (1 - chance[i])) >= options.MinChildWeight - 1e-5);
            Assert.True(options.MaxDeltaStep == 0 || Math.Abs(tree.LeafValue[leaf]) <= options.MaxDeltaStep * options.LearningRate);
        }
        Walk(tree, table, options, tree.NodeCount == 0 ? ~0 : 0, []);
        for (int i = 0; i < table.RowCount; i++)
            margins[i] += tree.LeafValue[leafOf[i]];
    }

    // Returns the least and the largest value below.
    private static (double Least, double Largest) Walk(DecisionTree tree, SmallTable table, BoosterOptions options, int at, int[] path)
    {
        if (at < 0)
        {
            Assert.True(options.MaxDepth == 0 || path.Length <= options.MaxDepth);
            if (options.InteractionConstraints is not null)
                Assert.Contains((int[][])[[0, 1], [1, 2], [3]], group => path.All(group.Contains));
            return (tree.LeafValue[~at], tree.LeafValue[~at]);
        }
        int feature = tree.Feature[at];
        (double leftLeast, double leftLargest) = Walk(tree, table, options, tree.Left[at], [.. path, feature]);
        (double rightLeast, double rightLargest) = Walk(tree, table, options, tree.Right[at], [.. path, feature]);
        if (table.Categories[feature] == 0)
            Assert.True(feature % 2 == 0 ? leftLargest <= rightLeast : leftLeast >= rightLargest, $"node {at} breaks the order of column {feature}");
        return (Math.Min(leftLeast, rightLeast), Math.Max(leftLargest, rightLargest));
    }
}
