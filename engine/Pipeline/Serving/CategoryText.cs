using System.Collections.Frozen;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Codes of the categories of a model's features, by their texts.</summary>
internal sealed class CategoryText(IReadOnlyList<FeatureInfo> features)
{
    private readonly FrozenDictionary<string, float>?[] _codes =
        [.. features.Select(feature => feature.Kind == FeatureKind.Categorical ? feature.Categories.Select((text, code) => (text, code)).ToFrozenDictionary(pair => pair.text, pair => (float)pair.code, StringComparer.Ordinal) : null)];

    /// <summary>True when the feature has categories.</summary>
    public bool Has(int feature) => _codes[feature] is not null;

    /// <summary>Code of a text; NaN for null, and for one that training did not know.</summary>
    public float Of(int feature, string? text) => text is not null && _codes[feature]!.TryGetValue(text, out float code) ? code : float.NaN;
}
