using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Spans of time as the plan writes them: <c>30d</c>, <c>12h</c>, <c>30m</c>, or a bare number of days. Kept in microseconds.</summary>
internal static class Duration
{
    public const long Minute = 60_000_000;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;
    private const int Longest = 36_500;

    public static bool TryParse(string text, out long micros)
    {
        string trimmed = text.Trim();
        long unit = trimmed.Length == 0 ? Day : trimmed[^1] switch { 'm' => Minute, 'h' => Hour, _ => Day };
        string digits = trimmed.Length > 0 && trimmed[^1] is 'm' or 'h' or 'd' ? trimmed[..^1] : trimmed;
        bool parsed = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= Longest * (Day / unit);
        micros = count * unit;
        return parsed;
    }

    public static string Write(long micros) => micros % Day == 0 ? $"{micros / Day}d" : micros % Hour == 0 ? $"{micros / Hour}h" : $"{micros / Minute}m";
}
