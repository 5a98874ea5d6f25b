using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench;

/// <summary>One line of a growth chart.</summary>
/// <param name="Name">A stage.</param>
/// <param name="Style">Its colour, the same in every chart.</param>
/// <param name="Points">Size and seconds, ascending.</param>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double Size, double Cost)> Points);

/// <summary>Seconds over a size, both logarithmic, each line relative to its first point: its steepness is its exponent.</summary>
internal sealed record LineChart(string Title, IReadOnlyList<ChartLine> Lines)
{
    private const double Width = 400, Height = 250, Left = 44, Right = 76, Top = 12, Bottom = 34;

    /// <summary>Steepness of the dashed line that a reader compares with: 1, or -1 for threads.</summary>
    public double Guide { get; init; } = 1;

    public XElement Draw()
    {
        (string Name, string Style, (double X, double Y)[] Points)[] lines =
            [.. Lines.Select(line => (line.Name, line.Style, line.Points.Select(point => (Math.Log10(point.Size / line.Points[0].Size), Math.Log10(point.Cost / line.Points[0].Cost))).ToArray()))];
        double right = Math.Max(0.1, lines.Max(line => line.Points.Max(point => point.X)));
        (double low, double high) = (Math.Min(0, lines.Min(line => line.Points.Min(point => point.Y))), Math.Max(0, lines.Max(line => line.Points.Max(point => point.Y))));
        (low, high) = (Math.Min(low, Guide * right), Math.Max(high, Guide * right));
        double X(double value) => Left + (value / right * (Width - Left - Right));
        double Y(double value) => Top + ((high - value) / Math.Max(0.1, high - low) * (Height - Top - Bottom));
        XElement picture = Svg.Picture(Width, Height, Title);
        foreach (double tick in Ticks(0, right))
            picture.Add(Svg.Line(X(tick), Top, X(tick), Height - Bottom, "grid"), Svg.Text(X(tick), Height - Bottom + 14, Times(tick), "tick middle"));
        foreach (double tick in Ticks(low, high))
            picture.Add(Svg.Line(Left, Y(tick), Width - Right, Y(tick), "grid"), Svg.Text(Left - 5, Y(tick) + 4, Times(tick), "tick end"));
        picture.Add(Svg.Text(Left + ((Width - Left - Right) / 2), Height - 4, "size, times the smallest", "tick middle"));
        picture.Add(Svg.Path([(X(0), Y(0)), (X(right), Y(Guide * right))], "guide").Tip(Guide > 0 ? "linear" : "perfect"));
        foreach ((string name, string style, (double X, double Y)[] points) in lines)
        {
            picture.Add(Svg.Path(points.Select(point => (X(point.X), Y(point.Y))), $"line {style}"));
            foreach ((double x, double y) in points)
                picture.Add(Svg.Circle(X(x), Y(y), 3, $"dot {style}").Tip($"{name}: {Times(x)} the size, {Times(y)} the time"));
        }
        picture.Add(Labels(lines, X(right) + 7, Y));
        return picture;
    }

    /// <summary>1, 20, 3k, 4M.</summary>
    public static string Short(double value) => value switch
    {
        >= 1e9 => $"{(value / 1e9).ToString("0.#", CultureInfo.InvariantCulture)}G",
        >= 1e6 => $"{(value / 1e6).ToString("0.#", CultureInfo.InvariantCulture)}M",
        >= 1e3 => $"{(value / 1e3).ToString("0.#", CultureInfo.InvariantCulture)}k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Times(double exponent) => $"{Short(Math.Pow(10, exponent))}x";

    // Powers of two while they are few, else of four, of sixteen.
    private static IEnumerable<double> Ticks(double low, double high)
    {
        double step = Math.Log10(2);
        while ((high - low) / step > 5)
            step *= 2;
        for (double tick = Math.Ceiling(low / step - 1e-9) * step; tick <= high + 1e-9; tick += step)
            yield return tick;
    }

    // Names stand at the ends of their lines, pushed apart where they would cover each other.
    private static IEnumerable<XElement> Labels((string Name, string Style, (double X, double Y)[] Points)[] lines, double left, Func<double, double> y)
    {
        const double Apart = 12;
        double last = double.NegativeInfinity;
        var placed = lines.Select(line => (line, At: y(line.Points[^1].Y))).OrderBy(pair => pair.At).Select(pair => (pair.line, At: last = Math.Max(pair.At, last + Apart))).ToList();
        double over = Math.Max(0, placed[^1].At - (Height - Bottom));
        return placed.Select(pair => Svg.Text(left, pair.At - over + 4, pair.line.Name, $"value {pair.line.Style}"));
    }
}
