using System.Text.RegularExpressions;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Groups of features that may stand together on a path from the root to a leaf; two features of no common group never do.</summary>
/// <remarks>Features that no group names form one more group, as in scikit-learn. At most 63 groups.</remarks>
public sealed partial class InteractionConstraints
{
    internal const string Form = "groups of feature names, such as [[tenure, price], [support_calls, failures]]";
    private const int MostGroups = 63;
    private readonly string[][] _groups;

    private InteractionConstraints(string[][] groups) => _groups = groups;

    /// <summary>The features that some group names.</summary>
    public IReadOnlyCollection<string> Names => [.. _groups.SelectMany(group => group).Distinct()];

    /// <summary>Groups of feature names, none empty.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/>.</remarks>
    public static InteractionConstraints Of(IEnumerable<IEnumerable<string>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        string[][] all = [.. groups.Select(group => group.ToArray())];
        return all.Length is 0 or > MostGroups || all.Any(group => group.Length == 0)
            ? throw new ArgumentException($"1 to {MostGroups} groups of at least one feature are expected", nameof(groups))
            : new InteractionConstraints(all);
    }

    /// <summary>Reads <c>[[a, b], [c]]</c>; null when it is something else.</summary>
    public static InteractionConstraints? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Whole().IsMatch(text))
            return null;
        string[][] groups = [.. Group().Matches(text[1..]).Select(match => match.Groups[1].Value.Split(',').Select(name => name.Trim().Trim('"', '\'')).ToArray())];
        return groups.Length > MostGroups || groups.Any(group => group.Contains("")) ? null : new InteractionConstraints(groups);
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"[{string.Join(", ", _groups.Select(group => $"[{string.Join(", ", group)}]"))}]";

    /// <summary>[F] the groups that each feature is in, a bit each.</summary>
    /// <remarks>Errors: CE4007 for a name that no feature has.</remarks>
    internal ulong[] GroupsOf(IReadOnlyList<FeatureInfo> features)
    {
        ulong[] groups = new ulong[features.Count];
        for (int group = 0; group < _groups.Length; group++)
        {
            foreach (string name in _groups[group])
                groups[FeatureNames.Find(features, name, nameof(BoosterOptions.InteractionConstraints))] |= 1UL << group;
        }
        for (int feature = 0; feature < groups.Length; feature++)
        {
            if (groups[feature] == 0)
                groups[feature] = 1UL << _groups.Length;
        }
        return groups;
    }

    [GeneratedRegex(@"^\s*\[(\s*\[[^\[\]]+\]\s*,?)+\s*\]\s*$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\[([^\[\]]+)\]")]
    private static partial Regex Group();
}
