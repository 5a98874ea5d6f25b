using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Spans of time as the plan writes them: <c>30d</c>, <c>12h</c>, or a bare number of days. Kept in microseconds.</summary>
internal static class Duration
{
    public const long Hour = 3_600_000_000;
    public const long Day = 24 * Hour;

    public static bool TryParse(string text, out long micros)
    {
        string trimmed = text.Trim();
        long unit = trimmed.EndsWith('h') ? Hour : Day;
        string digits = trimmed.EndsWith('h') || trimmed.EndsWith('d') ? trimmed[..^1] : trimmed;
        bool parsed = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 36_500;
        micros = count * unit;
        return parsed;
    }

    public static string Write(long micros) => micros % Day == 0 ? $"{micros / Day}d" : $"{micros / Hour}h";
}
