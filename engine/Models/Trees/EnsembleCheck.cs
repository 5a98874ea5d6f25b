namespace ChurnEngine.Models;

/// <summary>Finds what is wrong with an ensemble before a walk would run out of its arrays or in a circle.</summary>
internal static class EnsembleCheck
{
    /// <summary>Describes the first fault, or returns null when every walk of every row ends in a leaf.</summary>
    public static string? FirstFault(TreeEnsemble ensemble)
    {
        if (ensemble.FeatureCount < 1)
            return $"{ensemble.FeatureCount} features";
        if (!double.IsFinite(ensemble.BaseMargin))
            return $"base margin {ensemble.BaseMargin}";
        for (int tree = 0; tree < ensemble.Trees.Count; tree++)
        {
            if (FirstFault(ensemble.Trees[tree], ensemble.FeatureCount) is { } fault)
                return $"tree {tree}: {fault}";
        }
        return FirstFaultOfKinds(ensemble);
    }

    // The file shifts the codes of features that are asked for sets; a threshold on the same feature would have to move too, and could not exactly.
    private static string? FirstFaultOfKinds(TreeEnsemble ensemble)
    {
        bool?[] hasSets = new bool?[ensemble.FeatureCount];
        foreach (DecisionTree tree in ensemble.Trees)
        {
            for (int node = 0; node < tree.NodeCount; node++)
            {
                bool isSet = tree.LeftCategories[node] is not null;
                if ((hasSets[tree.Feature[node]] ??= isSet) != isSet)
                    return $"feature {tree.Feature[node]} is compared with a threshold and asked for a set";
            }
        }
        return null;
    }

    private static string? FirstFault(DecisionTree tree, int featureCount)
    {
        int nodes = tree.NodeCount;
        if (tree.Threshold.Length != nodes || tree.LeftCategories.Length != nodes || tree.MissingGoesLeft.Length != nodes
            || tree.Left.Length != nodes || tree.Right.Length != nodes)
            return "its node arrays differ in length";
        if (tree.LeafCount != nodes + 1)
            return $"{tree.LeafCount} leaves for {nodes} nodes";
        if (tree.LeafCover.Length != 0 && tree.LeafCover.Length != tree.LeafCount)
            return $"{tree.LeafCover.Length} covers for {tree.LeafCount} leaves";
        if (tree.LeafCover.Any(double.IsNaN))
            return "a leaf cover is NaN";
        if (!tree.LeafValue.All(double.IsFinite))
            return "a leaf value is not finite";
        return FirstFaultOfNodes(tree, featureCount);
    }

    private static string? FirstFaultOfNodes(DecisionTree tree, int featureCount)
    {
        for (int node = 0; node < tree.NodeCount; node++)
        {
            if ((uint)tree.Feature[node] >= (uint)featureCount)
                return $"node {node} tests feature {tree.Feature[node]} of {featureCount}";
            if (tree.LeftCategories[node] is null && float.IsNaN(tree.Threshold[node]))
                return $"node {node} has neither a threshold nor categories";
        }
        return FirstFaultOfLinks(tree);
    }

    // Walking down from the root must meet every node and every leaf, none of them twice: then it is one tree.
    private static string? FirstFaultOfLinks(DecisionTree tree)
    {
        bool[] nodeSeen = new bool[tree.NodeCount];
        bool[] leafSeen = new bool[tree.LeafCount];
        int met = 0;
        var open = new Stack<int>([tree.NodeCount == 0 ? ~0 : 0]);
        while (open.TryPop(out int child))
        {
            bool[] seen = child >= 0 ? nodeSeen : leafSeen;
            int index = child >= 0 ? child : ~child;
            if (index >= seen.Length || seen[index])
                return $"child {child} does not exist or has two parents";
            seen[index] = true;
            met++;
            if (child < 0)
                continue;
            open.Push(tree.Left[child]);
            open.Push(tree.Right[child]);
        }
        return met == tree.NodeCount + tree.LeafCount ? null : "some of its nodes cannot be reached";
    }
}
