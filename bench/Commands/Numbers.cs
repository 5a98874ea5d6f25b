using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>How numbers are written in tables, everywhere alike.</summary>
internal static class Numbers
{
    public static string Ratio(double? ratio, Interval? range) =>
        ratio is not { } value ? "" : range is null ? Text(value, "0.00") : $"{Text(value, "0.00")} ({Text(range.Low, "0.00")} to {Text(range.High, "0.00")})";

    public static string Share(double? share) => share is not { } value ? "" : Text(100 * value, value < 0.001 ? "0.000" : value < 0.1 ? "0.0" : "0") + "%";

    public static string Bytes(double? bytes) => bytes switch
    {
        null => "",
        < 1e3 => Text(bytes.Value, "0") + " B",
        < 1e6 => Text(bytes.Value / 1e3, "0.0") + " kB",
        < 1e9 => Text(bytes.Value / 1e6, "0.0") + " MB",
        _ => Text(bytes.Value / 1e9, "0.0") + " GB",
    };

    public static string Seconds(double seconds) => Text(seconds, seconds < 0.1 ? "0.0000" : seconds < 10 ? "0.00" : "0.0");

    /// <summary>Three digits that count, with thousands set apart.</summary>
    public static string Rate(double value)
    {
        if (value < 1000)
            return Text(value, value < 10 ? "0.00" : value < 100 ? "0.0" : "0");
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return Text(Math.Round(value / unit) * unit, "#,##0");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
