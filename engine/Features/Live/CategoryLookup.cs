using System.Text;

namespace ChurnEngine.Features;

/// <summary>Codes of a feature's categories by their texts, without a string of their own. Immutable, thread-safe.</summary>
public sealed class CategoryLookup
{
    private readonly Dictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> _codes;
    private readonly int _longest;

    /// <summary>Takes the categories in the order of their codes.</summary>
    public CategoryLookup(IReadOnlyList<string> categories)
    {
        _codes = categories.Select((text, code) => (text, code)).ToDictionary(pair => pair.text, pair => (float)pair.code, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = categories.Select(text => Encoding.UTF8.GetByteCount(text)).DefaultIfEmpty(0).Max();
    }

    /// <summary>One for each categorical feature, null for the others.</summary>
    public static CategoryLookup?[] Of(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Features.Select(feature => feature.Kind == Columns.FeatureKind.Categorical ? new CategoryLookup(feature.Categories) : null)];
    }

    /// <summary>NaN for a text that training did not know.</summary>
    public float Of(ReadOnlySpan<char> text) => _codes.TryGetValue(text, out float code) ? code : float.NaN;

    /// <summary>The same for UTF-8.</summary>
    public float Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > _longest)
            return float.NaN;
        Span<char> characters = text.Length <= 256 ? stackalloc char[256] : new char[text.Length];
        return Of((ReadOnlySpan<char>)characters[..Encoding.UTF8.GetChars(text, characters)]);
    }
}
