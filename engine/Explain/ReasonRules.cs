using System.IO.Enumeration;

namespace ChurnEngine.Explain;

/// <summary>How features whose names match a pattern are told.</summary>
/// <param name="Pattern">A feature's name, or with * and ? several.</param>
/// <param name="Text">A sentence with placeholders, <see cref="ReasonSentence.Placeholders"/>.</param>
public sealed record ReasonTemplate(string Pattern, string Text);

/// <summary>Features that tell one fact: their contributions are one reason.</summary>
/// <param name="Name">How the reason is called.</param>
/// <param name="Patterns">Names of features, or with * and ? several.</param>
public sealed record ReasonFamily(string Name, IReadOnlyList<string> Patterns);

/// <summary>How reasons are worded and grouped, and what is never told: section <c>reasons</c> of churn.yaml.</summary>
public sealed record ReasonRules
{
    /// <summary>Every feature by the words that its plan gives it.</summary>
    public static ReasonRules Default { get; } = new();

    /// <summary>Templates; a name counts before a pattern, an earlier pattern before a later one.</summary>
    public IReadOnlyList<ReasonTemplate> Templates { get; init; } = [];

    /// <summary>Families beside those of the plan; a feature belongs to the first that names it.</summary>
    public IReadOnlyList<ReasonFamily> Families { get; init; } = [];

    /// <summary>Names or patterns of features that are never named: what they contribute counts into what is not told.</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    /// <summary>One text for the same rules; empty for none. Part of a job's identity.</summary>
    public string Identity => Templates.Count + Families.Count + Sensitive.Count == 0 ? "" : string.Join('\n',
        [.. Templates.Select(template => $"t {template.Pattern} {template.Text}"), .. Families.Select(family => $"f {family.Name} {string.Join(' ', family.Patterns)}"), .. Sensitive.Select(name => $"s {name}")]);

    /// <summary>True when a name is meant by a pattern; upper and lower case differ.</summary>
    internal static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
