namespace ChurnEngine.Models.Tests;

/// <summary>Random trees with numeric and categorical splits, and rows with missing values, from a seed.</summary>
internal sealed class RandomTrees(int seed, int features)
{
    private readonly Random _random = new(seed);

    public TreeEnsemble Ensemble(int trees, int leaves, bool emptyLeaves = false) => new()
    {
        FeatureCount = features,
        BaseMargin = -1.25,
        Trees = [.. Enumerable.Range(0, trees).Select(_ => Tree(leaves, emptyLeaves))],
    };

    /// <summary>Odd features are categories 0..4, even ones quantities; one value in six is missing.</summary>
    public float[] Rows(int count)
    {
        float[] rows = new float[count * features];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = _random.Next(6) == 0 ? float.NaN : i % features % 2 == 1 ? _random.Next(6) : _random.NextSingle() * 4;
        return rows;
    }

    /// <summary>Each split takes the place of a random leaf, so a feature often repeats on a path.</summary>
    private DecisionTree Tree(int leaves, bool emptyLeaves)
    {
        int nodes = leaves - 1;
        int[] feature = new int[nodes], left = new int[nodes], right = new int[nodes];
        float[] threshold = new float[nodes];
        var categories = new CategorySet?[nodes];
        bool[] missingLeft = new bool[nodes];
        for (int node = 0; node < nodes; node++)
        {
            int leaf = ~_random.Next(node + 1);
            int parent = Array.IndexOf(left, leaf, 0, node);
            if (parent >= 0)
                left[parent] = node;
            else if (node > 0)
                right[Array.IndexOf(right, leaf, 0, node)] = node;
            feature[node] = _random.Next(features);
            missingLeft[node] = _random.Next(2) == 0;
            bool isCategory = feature[node] % 2 == 1;
            threshold[node] = isCategory ? float.NaN : _random.NextSingle() * 4;
            categories[node] = isCategory ? new CategorySet(Enumerable.Range(0, 5).Where(_ => _random.Next(2) == 0)) : null;
            // The leaf that was split keeps its number on the left.
            left[node] = leaf;
            right[node] = ~(node + 1);
        }
        double[] cover = [.. Enumerable.Range(0, leaves).Select(_ => emptyLeaves && _random.Next(3) == 0 ? 0.0 : _random.Next(1, 200) / 4.0)];
        cover[0] = 7;
        return new DecisionTree
        {
            Feature = feature,
            Threshold = threshold,
            LeftCategories = categories,
            MissingGoesLeft = missingLeft,
            Left = left,
            Right = right,
            LeafValue = [.. Enumerable.Range(0, leaves).Select(_ => _random.NextDouble() * 2 - 1)],
            LeafCover = cover,
        };
    }
}
