using System.Globalization;

namespace ChurnEngine.Cli;

/// <summary>Sizes as people write them: 512MB, 8GB, 8GiB. K, M, G and T are powers of 1024.</summary>
internal static class ByteSize
{
    public static long Parse(string option, string text)
    {
        string number = text.Trim().ToUpperInvariant().TrimEnd('B').TrimEnd('I');
        int shift = number.Length > 0 ? number[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 } : 0;
        if (shift > 0)
            number = number[..^1];
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * (1L << shift) is >= 64L << 20 and < long.MaxValue and var bytes)
            return (long)bytes;
        throw CliErrors.BadOption(option, "a size of at least 64MB, such as 8GB", text);
    }

    public static string Format(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F2} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} kB"),
    };
}
