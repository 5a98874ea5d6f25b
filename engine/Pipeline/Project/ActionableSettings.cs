using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>A feature that somebody can change, as churn.yaml or the command line says it.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="At">Where that stands, for errors.</param>
public sealed record ActionableRule(string Feature, string At)
{
    /// <summary>Directions that a number may go, the default first.</summary>
    internal static readonly string[] Directions = ["any", "increase", "decrease"];

    /// <summary>any, increase or decrease.</summary>
    public string Direction { get; init; } = Directions[0];

    /// <summary>Least value that may be chosen; null for no bound.</summary>
    public double? Least { get; init; }

    /// <summary>Greatest value that may be chosen; null for no bound.</summary>
    public double? Most { get; init; }

    /// <summary>Categories that may be chosen; empty for all.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}

/// <summary>What can be changed about a customer: section <c>actionable</c>, and <c>--actionable</c>.</summary>
internal static class ActionableSettings
{
    private const string Flag = "--actionable";

    public static IReadOnlyList<ActionableRule> Read(ConfigSection section)
    {
        ActionableRule[] rules = [.. section.Keys.Select(name => section.IsMapping(name) ? ReadMapping(section.Nested(name), new ActionableRule(name, section.At(name))) : Parse(name, section.Text(name, ""), section.At(name)))];
        section.Close();
        return rules;
    }

    /// <summary>Reads <c>a,b:decrease</c>.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1198.</remarks>
    public static IReadOnlyList<ActionableRule> Parse(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries).Select(part =>
    {
        string[] sides = part.Split(':', 2, StringSplitOptions.TrimEntries);
        return sides[0].Length == 0 ? throw ExplainingErrors.BadActionable(Flag, text) : Parse(sides[0], sides.Length == 1 ? ActionableRule.Directions[0] : sides[1], Flag);
    })];

    /// <summary>Refuses names that are no features, and bounds that do not fit.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1191, CE1198.</remarks>
    public static void Check(IReadOnlyList<ActionableRule> rules, IReadOnlyList<FeatureInfo> features)
    {
        foreach (ActionableRule rule in rules)
        {
            FeatureInfo feature = features.FirstOrDefault(f => f.Name == rule.Feature) ?? throw ExplainingErrors.UnknownActionable(rule.At, rule.Feature, features.Select(f => f.Name));
            bool isCategory = feature.Kind == FeatureKind.Categorical;
            if (isCategory && (rule.Direction != ActionableRule.Directions[0] || rule.Least is not null || rule.Most is not null) || !isCategory && rule.Values.Count > 0)
                throw ExplainingErrors.BadActionable(rule.At, isCategory ? $"{rule.Feature} is a category" : $"{rule.Feature} is a number");
            if (rule.Values.FirstOrDefault(value => feature.Categories.Count > 0 && !feature.Categories.Contains(value)) is { } unknown)
                throw ExplainingErrors.BadActionable(rule.At, $"'{unknown}', which is no value of {rule.Feature}; {Suggestion.For(unknown, feature.Categories)}");
        }
    }

    private static ActionableRule Parse(string name, string direction, string at) => ActionableRule.Directions.Contains(direction)
        ? new ActionableRule(name, at) { Direction = direction }
        : throw ExplainingErrors.BadActionable(at, direction);

    private static ActionableRule ReadMapping(ConfigSection section, ActionableRule rule)
    {
        ActionableRule read = rule with
        {
            Direction = section.OneOf("direction", ActionableRule.Directions),
            Least = section.OptionalNumber("min"),
            Most = section.OptionalNumber("max"),
            Values = section.List("values"),
        };
        section.Close();
        return read.Least > read.Most ? throw ExplainingErrors.BadActionable(rule.At, string.Create(CultureInfo.InvariantCulture, $"min {read.Least} above max {read.Most}")) : read;
    }
}
