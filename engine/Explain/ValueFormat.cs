using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

/// <summary>Writes a feature's value the way a person would say it.</summary>
public static class ValueFormat
{
    /// <summary>What stands for a value that is not there.</summary>
    public const string Missing = "missing";

    /// <summary>The value in words: "23 days", a category's name, "missing".</summary>
    /// <param name="feature">Its unit or categories.</param>
    /// <param name="value">NaN is missing.</param>
    public static string Text(FeatureInfo feature, float value)
    {
        if (float.IsNaN(value))
            return Missing;
        if (feature.Kind == FeatureKind.Categorical)
        {
            int code = (int)value;
            return code == value && code >= 0 && code < feature.Categories.Count ? feature.Categories[code] : Number(value);
        }
        // "plays_7d = 3" says what is counted already, and "trend = 0.4" that it is a ratio.
        return feature.Unit is "" or "count" or "ratio" or "share" ? Number(value) : $"{Number(value)} {(value == 1 ? Singular(feature.Unit) : feature.Unit)}";
    }

    // Three decimals for what is near one, three significant digits for what is smaller; a whole number stays whole.
    private static string Number(float value) => MathF.Abs(value) is > 0 and < 0.1f
        ? value.ToString("G3", CultureInfo.InvariantCulture)
        : ((double)value + 0.0).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Singular(string unit) => unit.Length > 1 && unit.EndsWith('s') ? unit[..^1] : unit;
}
