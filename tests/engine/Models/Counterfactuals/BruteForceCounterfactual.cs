namespace ChurnEngine.Models.Tests;

/// <summary>The smallest change by trying every combination of one value in each cell: what the search is tested against.</summary>
internal static class BruteForceCounterfactual
{
    /// <summary>Features changed and distance of the smallest change; null when none does.</summary>
    public static (int Changes, double Distance)? Find(TreeEnsemble ensemble, float[] row, IReadOnlyList<ActionableFeature> actions, Func<double, bool> isBelow)
    {
        (float Value, double Distance)[][] choices = [.. actions.Select(action => Choices(ensemble, row[action.Feature], action).Prepend((row[action.Feature], 0)).ToArray())];
        (int Changes, double Distance)? best = null;
        float[] changed = [.. row];
        Try(0, 0, 0);
        return best;

        void Try(int action, int changes, double distance)
        {
            if (action == choices.Length)
            {
                if (isBelow(ensemble.Margin(changed)) && (best is not { } known || (changes, distance).CompareTo(known) < 0))
                    best = (changes, distance);
                return;
            }
            foreach ((float value, double far) in choices[action])
            {
                changed[actions[action].Feature] = value;
                Try(action + 1, changes + (far > 0 ? 1 : 0), distance + far);
            }
            changed[actions[action].Feature] = row[actions[action].Feature];
        }
    }

    // Around every threshold, and every bound, all floats that could matter; whether a value is allowed is asked of the value itself.
    private static IEnumerable<(float, double)> Choices(TreeEnsemble ensemble, float now, ActionableFeature action)
    {
        if (!float.IsFinite(now))
            return [];
        if (action.Codes is { } codes)
            return codes.Where(code => code != now).Select(code => ((float)code, 1.0));
        IEnumerable<float> edges = ensemble.Trees.SelectMany(tree => Enumerable.Range(0, tree.NodeCount).Where(node => tree.Feature[node] == action.Feature && tree.LeftCategories[node] is null).Select(node => tree.Threshold[node]));
        return edges.Append(action.Least).Append(action.Most).SelectMany(edge => (float[])[edge, MathF.BitIncrement(edge), MathF.Floor(edge), MathF.Floor(edge) + 1, MathF.Ceiling(edge)]).Distinct()
            .Where(value => float.IsFinite(value) && value != now && value >= action.Least && value <= action.Most && (value > now ? action.CanRise : action.CanFall) && (!action.IsWhole || value == MathF.Floor(value)))
            .Select(value => (value, Math.Abs((double)value - now) / action.Spread));
    }
}
