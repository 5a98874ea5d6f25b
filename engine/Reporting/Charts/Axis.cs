using System.Globalization;

namespace ChurnEngine.Reporting;

/// <summary>A linear axis with round ticks.</summary>
/// <param name="Name">What it shows, with its unit.</param>
/// <param name="Low">Value at its start.</param>
/// <param name="High">Value at its end, above <paramref name="Low"/>.</param>
/// <param name="IsShare">True for values 0..1 that are written as percent.</param>
internal sealed record Axis(string Name, double Low, double High, bool IsShare = false)
{
    /// <summary>An axis over values, from 0 unless they are far from it.</summary>
    public static Axis Over(string name, IEnumerable<double> values, bool fromZero = true, bool isShare = false)
    {
        double low = fromZero ? 0 : double.PositiveInfinity, high = fromZero ? 0 : double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (!(low <= high))
            (low, high) = (0, 1);
        if (high - low < 1e-12)
            high = low + 1;
        double step = StepOf(high - low);
        return new Axis(name, Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, isShare);
    }

    /// <summary>Share of the way from start to end, 0..1 inside.</summary>
    public double At(double value) => (value - Low) / (High - Low);

    /// <summary>Values to be written, ascending.</summary>
    public IEnumerable<double> Ticks()
    {
        double step = StepOf(High - Low);
        for (int tick = (int)Math.Ceiling(Low / step - 1e-9); tick * step <= High + 1e-9 * step; tick++)
            yield return tick * step;
    }

    /// <summary>A value as the axis writes it.</summary>
    public string Text(double value)
    {
        if (IsShare)
            return (100 * value).ToString("0.##", CultureInfo.InvariantCulture) + "%";
        double size = Math.Abs(value);
        return size >= 1e6 ? (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M"
            : size >= 1e4 ? (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k"
            : (Math.Abs(value) < 1e-12 ? 0 : value).ToString("0.####", CultureInfo.InvariantCulture);
    }

    // 1, 2 or 5 times a power of ten, four to nine of them.
    private static double StepOf(double length)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(length))), lead = length / power;
        return lead < 1.5 ? 0.2 * power : lead < 3.5 ? 0.5 * power : lead < 7.5 ? power : 2 * power;
    }
}
