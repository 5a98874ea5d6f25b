using System.Numerics;

namespace ChurnEngine.Models.Tests;

/// <summary>The definition: for every coalition the conditional expectation by covers, then Shapley's weighted differences. O(2^F).</summary>
internal static class BruteForceShapley
{
    public static double[] Contributions(TreeEnsemble ensemble, float[] row, out double nothingKnown) => Of(ensemble.FeatureCount, known => Worth(ensemble, row, known), out nothingKnown);

    /// <summary>The values of any game among the features.</summary>
    /// <param name="features">Players.</param>
    /// <param name="worthOf">Worth of a coalition, a bit a feature.</param>
    /// <param name="nothingKnown">Worth of nobody.</param>
    public static double[] Of(int features, Func<int, double> worthOf, out double nothingKnown)
    {
        double[] worth = [.. Enumerable.Range(0, 1 << features).Select(worthOf)];
        nothingKnown = worth[0];
        double[] result = new double[features];
        for (int feature = 0; feature < features; feature++)
        {
            for (int known = 0; known < worth.Length; known++)
            {
                if ((known >> feature & 1) != 0)
                    continue;
                int size = BitOperations.PopCount((uint)known);
                double weight = Factorial(size) * Factorial(features - size - 1) / Factorial(features);
                result[feature] += weight * (worth[known | 1 << feature] - worth[known]);
            }
        }
        return result;
    }

    /// <summary>The interaction value of two features, path-dependent: half of Fujimoto's index.</summary>
    public static double Interaction(TreeEnsemble ensemble, float[] row, int i, int j)
    {
        int features = ensemble.FeatureCount;
        double result = 0;
        for (int known = 0; known < 1 << features; known++)
        {
            if ((known >> i & 1) != 0 || (known >> j & 1) != 0)
                continue;
            int size = BitOperations.PopCount((uint)known);
            double weight = Factorial(size) * Factorial(features - size - 2) / (2 * Factorial(features - 1));
            result += weight * (Worth(ensemble, row, known | 1 << i | 1 << j) - Worth(ensemble, row, known | 1 << i) - Worth(ensemble, row, known | 1 << j) + Worth(ensemble, row, known));
        }
        return result;
    }

    private static double Worth(TreeEnsemble ensemble, float[] row, int known) => ensemble.BaseMargin + ensemble.Trees.Sum(tree => Expectation(tree, row, known));

    private static double Expectation(DecisionTree tree, float[] row, int known)
    {
        return tree.NodeCount == 0 ? tree.LeafValue[0] : At(0);

        double At(int node)
        {
            if (node < 0)
                return tree.LeafValue[~node];
            if ((known >> tree.Feature[node] & 1) != 0)
                return At(tree.GoesLeft(node, row[tree.Feature[node]]) ? tree.Left[node] : tree.Right[node]);
            double left = Cover(tree, tree.Left[node]), right = Cover(tree, tree.Right[node]);
            double share = left + right == 0 ? 0.5 : left / (left + right);
            return share * At(tree.Left[node]) + (1 - share) * At(tree.Right[node]);
        }
    }

    private static double Cover(DecisionTree tree, int child) =>
        child < 0 ? tree.LeafCover[~child] : Cover(tree, tree.Left[child]) + Cover(tree, tree.Right[child]);

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
