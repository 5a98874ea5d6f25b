namespace ChurnEngine.Models;

/// <summary>What runtimes can load. They follow a path by recursion, and a stack overflow there ends the process, so it is checked before export.</summary>
internal static class RuntimeLimits
{
    /// <summary>Tests on one path. ONNX Runtime 1.29 overflows a stack of 1.5 MB between 1,000 and 3,000, one of 8 MB between 10,000 and 30,000.</summary>
    public const int LongestPath = 1000;

    /// <summary>Throws when the runtime would not survive loading the model.</summary>
    /// <param name="model">The model, for the message.</param>
    /// <param name="ensemble">Its trees.</param>
    /// <param name="profile">How it is written.</param>
    /// <param name="source">The file that it was read from; null before an export.</param>
    public static void Check(ChurnModel model, TreeEnsemble ensemble, OnnxProfile profile, string? source)
    {
        foreach (DecisionTree tree in ensemble.Trees)
        {
            int length = PathLength(tree, profile);
            if (length > LongestPath)
                throw source is null ? ModelErrors.PathTooLong(model.Metadata.ModelName, LongestPath, length) : ModelErrors.PathTooLongIn(source, LongestPath, length);
        }
    }

    /// <summary>Tests on the longest path of a tree. A set is one test where the operator knows sets, and one test a code where it does not.</summary>
    public static int PathLength(DecisionTree tree, OnnxProfile profile)
    {
        int longest = 0;
        var open = new Stack<(int Child, int Length)>([(tree.NodeCount == 0 ? ~0 : 0, 0)]);
        while (open.TryPop(out (int Child, int Length) place))
        {
            longest = Math.Max(longest, place.Length);
            if (place.Child < 0)
                continue;
            int tests = profile == OnnxProfile.Compatible ? Math.Max(1, tree.LeftCategories[place.Child]?.Codes.Count ?? 1) : 1;
            open.Push((tree.Left[place.Child], place.Length + tests));
            open.Push((tree.Right[place.Child], place.Length + tests));
        }
        return longest;
    }
}
