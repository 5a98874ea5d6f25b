using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Explain;

/// <summary>How each feature of a model is told, with which others, and which are not told. Immutable, thread-safe.</summary>
/// <remarks>A family is what the rules name one, else what the plan does (<see cref="FeatureInfo.Family"/>), else features of the same rows and aggregate over several windows.</remarks>
public sealed class ReasonBook
{
    /// <summary>Family of a feature that is never named.</summary>
    public const int NotTold = -1;

    private readonly ReasonSentence[] _sentences;
    private readonly byte[][] _names;
    private readonly int[] _family;
    private readonly string[] _familyNames;

    /// <summary>Compiles the rules.</summary>
    /// <param name="features">[F] in column order.</param>
    /// <param name="facts">[F] what the plan knows of them, or empty.</param>
    /// <param name="distributions">[F] what the training rows were like, or empty.</param>
    /// <param name="rules">Words, families, and what is not told.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6201 to CE6204.</remarks>
    public ReasonBook(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureFact> facts, IReadOnlyList<FeatureDistribution> distributions, ReasonRules rules)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(distributions);
        ArgumentNullException.ThrowIfNull(rules);
        Features = features;
        Identity = rules.Identity;
        string[] names = [.. features.Select(feature => feature.Name)];
        foreach ((string where, string pattern) in Patterns(rules))
        {
            if (!names.Any(name => ReasonRules.Matches(pattern, name)))
                throw ExplainErrors.UnknownFeature(where, pattern, names);
        }
        // Every template is read, that of a pattern which others come before too: an error in it would show some day.
        foreach (ReasonTemplate template in rules.Templates)
            _ = ReasonSentence.Compile(template.Text, FeatureWords.Of(features[0], null, null), WhereOf(template));
        _sentences = [.. features.Select((feature, i) => SentenceOf(FeatureWords.Of(feature, facts.ElementAtOrDefault(i), distributions.ElementAtOrDefault(i)), rules))];
        _names = [.. names.Select(Encoding.UTF8.GetBytes)];
        (_family, _familyNames) = Group(features, facts, rules);
    }

    /// <summary>[F] the features.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>Families with a feature that may be told.</summary>
    public int FamilyCount => _familyNames.Length;

    /// <summary>What the rules were, <see cref="ReasonRules.Identity"/>.</summary>
    public string Identity { get; }

    /// <summary>Family of a feature, 0 and up, or <see cref="NotTold"/>.</summary>
    public int FamilyOf(int feature) => _family[feature];

    /// <summary>Name of a family.</summary>
    public string FamilyName(int family) => _familyNames[family];

    /// <summary>Name of a feature, UTF-8.</summary>
    public ReadOnlySpan<byte> NameOf(int feature) => _names[feature];

    /// <summary>The sentence of a feature.</summary>
    public ReasonSentence SentenceOf(int feature) => _sentences[feature];

    private static IEnumerable<(string Where, string Pattern)> Patterns(ReasonRules rules) =>
        rules.Templates.Select(template => ("reasons.templates", template.Pattern))
            .Concat(rules.Families.SelectMany(family => family.Patterns.Select(pattern => ($"reasons.families.{family.Name}", pattern))))
            .Concat(rules.Sensitive.Select(pattern => ("reasons.sensitive", pattern)));

    private static string WhereOf(ReasonTemplate template) => $"reasons.templates.{template.Pattern}";

    private static ReasonSentence SentenceOf(FeatureWords words, ReasonRules rules)
    {
        ReasonTemplate? template = rules.Templates.FirstOrDefault(t => t.Pattern == words.Feature.Name) ?? rules.Templates.FirstOrDefault(t => ReasonRules.Matches(t.Pattern, words.Feature.Name));
        return template is null ? ReasonSentence.Compile(words.DefaultTemplate, words, words.Feature.Name) : ReasonSentence.Compile(template.Text, words, WhereOf(template));
    }

    private static (int[] Family, string[] Names) Group(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureFact> facts, ReasonRules rules)
    {
        int[] family = new int[features.Count];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        List<string> names = [];
        for (int feature = 0; feature < family.Length; feature++)
        {
            FeatureInfo info = features[feature];
            ReasonFamily[] named = [.. rules.Families.Where(f => f.Patterns.Any(pattern => ReasonRules.Matches(pattern, info.Name)))];
            if (named.Length > 1)
                throw ExplainErrors.InTwoFamilies(info.Name, named[0].Name, named[1].Name);
            FeatureFact? fact = facts.ElementAtOrDefault(feature);
            if (rules.Sensitive.Any(pattern => ReasonRules.Matches(pattern, info.Name)))
            {
                family[feature] = NotTold;
                continue;
            }
            (string key, string name) = named.Length == 1 ? ($"rule {named[0].Name}", named[0].Name)
                : info.Family.Length > 0 ? ($"plan {info.Family}", info.Family)
                : fact?.Source is { Length: > 0 } source ? ($"rows {source}", fact.Subject)
                : ($"feature {info.Name}", info.Name);
            if (!known.TryGetValue(key, out family[feature]))
            {
                known.Add(key, family[feature] = names.Count);
                names.Add(name);
            }
        }
        return (family, [.. names]);
    }
}
