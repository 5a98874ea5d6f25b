using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

/// <summary>Writes a feature's value the way a person would say it.</summary>
internal static class ValueFormat
{
    public const string Missing = "missing";

    public static string Text(FeatureInfo feature, float value)
    {
        if (float.IsNaN(value))
            return Missing;
        if (feature.Kind == FeatureKind.Categorical)
        {
            int code = (int)value;
            return code == value && code >= 0 && code < feature.Categories.Count ? feature.Categories[code] : Number(value);
        }
        // "plays_7d = 3" says what is counted already.
        return feature.Unit is "" or "count" ? Number(value) : $"{Number(value)} {(value == 1 ? Singular(feature.Unit) : feature.Unit)}";
    }

    // Three decimals for what is near one, three significant digits for what is smaller; a whole number stays whole.
    private static string Number(float value) => MathF.Abs(value) is > 0 and < 0.1f
        ? value.ToString("G3", CultureInfo.InvariantCulture)
        : ((double)value + 0.0).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Singular(string unit) => unit.Length > 1 && unit.EndsWith('s') ? unit[..^1] : unit;
}
