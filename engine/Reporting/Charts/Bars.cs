using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>A bar.</summary>
/// <param name="Name">At its left.</param>
/// <param name="Value">Below 0 it goes to the left.</param>
/// <param name="Label">At its end.</param>
/// <param name="Spread">Half the length of the whisker at its end; 0 for none.</param>
internal sealed record Bar(string Name, double Value, string Label, double Spread = 0);

/// <summary>Bars from a common zero, one below the other, each under its name so that long names need no margin.</summary>
/// <param name="Title">What a reader who cannot see it is told.</param>
/// <param name="Values">From above.</param>
/// <param name="Style">c0 to c3.</param>
internal sealed record Bars(string Title, IReadOnlyList<Bar> Values, string Style)
{
    private const double Width = 420, Row = 34, Thick = 12, Right = 74;

    public XElement Draw()
    {
        double low = Math.Min(0, Values.Min(bar => bar.Value - bar.Spread)), high = Math.Max(0, Values.Max(bar => bar.Value + bar.Spread));
        double left = Values.Any(bar => bar.Value < 0) ? Right : 2, length = Width - Right - left, scale = high - low > 0 ? length / (high - low) : 0, zero = left - low * scale;
        XElement picture = Svg.Picture(Width, 4 + Row * Values.Count, Title);
        for (int i = 0; i < Values.Count; i++)
        {
            Bar bar = Values[i];
            double y = 16 + Row * i, end = zero + bar.Value * scale;
            picture.Add(Svg.Text(2, y - 3, bar.Name), Svg.Line(zero, y - 1, zero, y + Thick + 3, "axis"));
            picture.Add(Svg.Rectangle(Math.Min(zero, end), y + 1, Math.Max(1, Math.Abs(end - zero)), Thick, Style).Tip($"{bar.Name}: {bar.Label}"));
            if (bar.Spread > 0)
                picture.Add(Svg.Line(end - bar.Spread * scale, y + 1 + Thick / 2, end + bar.Spread * scale, y + 1 + Thick / 2, "axis"));
            double beyond = bar.Spread * scale + 6;
            picture.Add(Svg.Text(bar.Value < 0 ? end - beyond : end + beyond, y + Thick, bar.Label, bar.Value < 0 ? "tick end" : "tick"));
        }
        return picture;
    }
}
