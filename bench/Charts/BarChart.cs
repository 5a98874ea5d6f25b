using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench;

/// <summary>A value of a bar or a dot.</summary>
/// <param name="Category">Its row.</param>
/// <param name="Series">Which of the row's: a size of the world.</param>
/// <param name="Value">0 and up.</param>
/// <param name="Label">The value as written beside it.</param>
internal sealed record ChartValue(string Category, string Series, double Value, string Label);

/// <summary>Values by category, one below the other: bars from zero, or dots on a logarithmic axis where values lie powers of ten apart.</summary>
internal sealed record BarChart(string Title, IReadOnlyList<ChartValue> Values)
{
    private const double Width = 540, Left = 80, Right = 86, BarHeight = 13, Gap = 12, Top = 8;

    /// <summary>Where the axis ends; null: at the largest value.</summary>
    public double? Full { get; init; }

    /// <summary>Dots on a logarithmic axis.</summary>
    public bool Logarithmic { get; init; }

    public XElement Draw()
    {
        string[] categories = [.. Values.Select(value => value.Category).Distinct()], series = [.. Values.Select(value => value.Series).Distinct()];
        double row = (series.Length * BarHeight) + Gap, height = Top + (categories.Length * row) + (Logarithmic || Full is not null ? 18 : 4);
        XElement picture = Svg.Picture(Width, height, Title);
        (double low, double high) = Range();
        picture.Add(Logarithmic ? Powers(low, high, height) : Full is { } full ? Quarters(full, height) : []);
        for (int category = 0; category < categories.Length; category++)
        {
            double y = Top + (category * row);
            picture.Add(Svg.Text(Left - 8, y + (series.Length * BarHeight / 2) + 4, categories[category], "label end"));
            foreach (ChartValue value in Values.Where(value => value.Category == categories[category]))
            {
                int index = Array.IndexOf(series, value.Series);
                double at = Position(value.Value, low, high), middle = y + (index * BarHeight) + (BarHeight / 2);
                picture.Add((Logarithmic ? Svg.Circle(at, middle, 4.5, $"size{index}") : Svg.Rectangle(Left, middle - (BarHeight / 2) + 1, Math.Max(1, at - Left), BarHeight - 2, $"size{index}")).Tip($"{value.Category}, {value.Series}: {value.Label}"));
                picture.Add(Svg.Text(at + (Logarithmic ? 9 : 5), middle + 4, value.Label, "value"));
            }
        }
        return picture;
    }

    private (double Low, double High) Range() => Logarithmic
        ? (Math.Pow(10, Math.Floor(Math.Log10(Values.Min(value => value.Value)))), Math.Pow(10, Math.Ceiling(Math.Log10(Values.Max(value => value.Value)))))
        : (0, Math.Max(Full ?? 0, Values.Max(value => value.Value)));

    private double Position(double value, double low, double high)
    {
        double share = Logarithmic ? (Math.Log10(value) - Math.Log10(low)) / Math.Max(1, Math.Log10(high) - Math.Log10(low)) : high > 0 ? value / high : 0;
        return Left + (share * (Width - Left - Right));
    }

    private IEnumerable<XElement> Powers(double low, double high, double height)
    {
        for (double tick = low; tick <= high * 1.001; tick *= 10)
            foreach (XElement element in Tick(Position(tick, low, high), height, LineChart.Short(tick)))
                yield return element;
    }

    private IEnumerable<XElement> Quarters(double full, double height) =>
        Enumerable.Range(0, 5).SelectMany(quarter => Tick(Position(quarter * full / 4, 0, full), height, $"{25 * quarter}%"));

    private static XElement[] Tick(double x, double height, string text) => [Svg.Line(x, Top, x, height - 16, "grid"), Svg.Text(x, height - 3, text, "tick middle")];
}
