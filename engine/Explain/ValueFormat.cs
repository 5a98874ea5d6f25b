using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

/// <summary>Writes a feature's value the way a person would say it.</summary>
public static class ValueFormat
{
    /// <summary>What stands for a value that is not there.</summary>
    public const string Missing = "missing";

    /// <summary>The value in words: "23 days", "12.50 EUR", "25%", a category's name, "missing".</summary>
    /// <param name="feature">Its unit or categories.</param>
    /// <param name="value">NaN is missing.</param>
    /// <param name="isBare">True to leave the unit out.</param>
    public static string Text(FeatureInfo feature, float value, bool isBare = false)
    {
        var text = new Utf8Text();
        Write(text, feature, value, isBare);
        return text.ToString();
    }

    /// <summary>Writes the same into a buffer.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="feature">Its unit or categories.</param>
    /// <param name="value">NaN is missing.</param>
    /// <param name="isBare">True to leave the unit out; a share stays a percentage.</param>
    /// <remarks>Memory: allocates nothing.</remarks>
    public static void Write(Utf8Text text, FeatureInfo feature, float value, bool isBare = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(feature);
        if (float.IsNaN(value))
        {
            text.Append(Missing);
            return;
        }
        if (feature.Kind == FeatureKind.Categorical && (int)value is var code && code == value && code >= 0 && code < feature.Categories.Count)
        {
            text.Append(feature.Categories[code]);
            return;
        }
        string unit = feature.Unit;
        bool isMoney = unit is [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z'];
        if (unit == "share")
            Number(text, 100.0 * value);
        else if (isMoney && value != MathF.Floor(value) && MathF.Abs(value) >= 0.01f)
            text.Append((double)value, "0.00");
        else
            Number(text, value);
        if (unit == "share")
            text.Append("%"u8);
        // "plays_7d = 3" says what is counted already, and "trend = 0.4" that it is a ratio.
        if (isBare || unit is "" or "count" or "ratio" or "share")
            return;
        text.Append(" "u8);
        text.Append(value == 1 && unit.Length > 1 && unit[^1] == 's' ? unit.AsSpan(0, unit.Length - 1) : unit);
    }

    // Three decimals for what is near one, three significant digits for what is smaller; a whole number stays whole, and a zero has no sign.
    private static void Number(Utf8Text text, double value)
    {
        if (Math.Abs(value) is > 0 and < 0.1)
            text.Append((float)value, "G3");
        else
            text.Append(value + 0.0, "0.###");
    }
}
