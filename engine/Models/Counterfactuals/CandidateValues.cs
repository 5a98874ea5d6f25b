namespace ChurnEngine.Models;

/// <summary>The values of one actionable feature that a search looks at: of each cell between two thresholds the one nearest to the value now; a model cannot tell the others of the cell from it.</summary>
/// <remarks>Numbers ascend. Of categories that every split treats alike one stands for all.</remarks>
internal sealed class CandidateValues
{
    private CandidateValues(ActionableFeature action, float[] values, double[] distances)
    {
        (Action, Values, Distances) = (action, values, distances);
        Now = Array.IndexOf(distances, 0.0);
    }

    public ActionableFeature Action { get; }

    /// <summary>[n] the values, the one now among them.</summary>
    public float[] Values { get; }

    /// <summary>[n] how far each is from the one now, in spreads; 0 for that one alone.</summary>
    public double[] Distances { get; }

    /// <summary>Position of the value now.</summary>
    public int Now { get; }

    /// <summary>Nearest of some consecutive ones.</summary>
    public int Nearest(int low, int high)
    {
        if (Action.Codes is null)
            return Math.Clamp(Now, low, high);
        return Now >= low && Now <= high ? Now : low;
    }

    /// <summary>The candidates of a feature, or null when there is nothing to choose.</summary>
    /// <param name="ensemble">Whose thresholds count.</param>
    /// <param name="now">The value now.</param>
    /// <param name="action">Where it may go.</param>
    public static CandidateValues? Of(TreeEnsemble ensemble, float now, ActionableFeature action)
    {
        if (!float.IsFinite(now))
            return null;
        (float Value, double Distance)[] others = [.. (action.Codes is { } codes ? Codes(ensemble, now, action.Feature, codes).Select(code => (code, 1.0))
            : Numbers(ensemble, now, action).Select(value => (value, Math.Abs((double)value - now) / action.Spread))).Where(other => other.Item2 > 0)];
        if (others.Length == 0)
            return null;
        (float Value, double Distance)[] all = [.. others.Append((now, 0)).OrderBy(candidate => candidate.Item1)];
        return new CandidateValues(action, [.. all.Select(candidate => candidate.Value)], [.. all.Select(candidate => candidate.Distance)]);
    }

    private static IEnumerable<float> Numbers(TreeEnsemble ensemble, float now, ActionableFeature action)
    {
        float[] edges = [.. Nodes(ensemble, action.Feature).Where(at => at.Tree.LeftCategories[at.Node] is null).Select(at => at.Tree.Threshold[at.Node] + 0f).Distinct().Order()];
        for (int cell = 0; cell <= edges.Length; cell++)
        {
            float below = cell == 0 ? float.NegativeInfinity : edges[cell - 1], top = cell == edges.Length ? float.PositiveInfinity : edges[cell];
            if (now > below && now <= top || !(now <= below ? action.CanRise : action.CanFall))
                continue;
            // The end of the cell that faces the value now, or the bound within it.
            float value = now <= below ? Math.Max(Above(below, action.IsWhole), Whole(action.Least, action.IsWhole, up: true))
                : Math.Min(Whole(top, action.IsWhole, up: false), Whole(action.Most, action.IsWhole, up: false));
            if (float.IsFinite(value) && value > below && value <= top && value >= action.Least && value <= action.Most)
                yield return value;
        }
    }

    private static float Above(float edge, bool isWhole) => isWhole && MathF.Floor(edge) + 1 is var whole && whole > edge ? whole : MathF.BitIncrement(edge);

    private static float Whole(float value, bool isWhole, bool up) => !isWhole ? value : up ? MathF.Ceiling(value) : MathF.Floor(value);

    private static IEnumerable<float> Codes(TreeEnsemble ensemble, float now, int feature, IReadOnlyList<int> codes)
    {
        CategorySet[] sets = [.. Nodes(ensemble, feature).Select(at => at.Tree.LeftCategories[at.Node]).OfType<CategorySet>().Distinct()];
        var seen = new HashSet<string> { Signature(now) };
        foreach (int code in codes.Distinct().Order())
        {
            if (seen.Add(Signature(code)))
                yield return code;
        }

        string Signature(float code) => string.Create(sets.Length, (sets, code), static (text, state) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = state.sets[i].Contains(state.code) ? '1' : '0';
        });
    }

    private static IEnumerable<(DecisionTree Tree, int Node)> Nodes(TreeEnsemble ensemble, int feature) =>
        ensemble.Trees.SelectMany(tree => Enumerable.Range(0, tree.NodeCount).Where(node => tree.Feature[node] == feature).Select(node => (tree, node)));
}
