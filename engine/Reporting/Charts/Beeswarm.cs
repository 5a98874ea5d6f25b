using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>One row of dots.</summary>
/// <param name="Name">Above it.</param>
/// <param name="Dots">Where each lies, and its shade from 0 (low) to 1 (high); NaN has a shade of its own.</param>
internal sealed record Swarm(string Name, IReadOnlyList<(double X, double Shade)> Dots);

/// <summary>Dots over a common axis, a row each, piled up where they are many.</summary>
/// <param name="Title">What a reader who cannot see it is told.</param>
/// <param name="X">From left to right.</param>
/// <param name="Rows">From above.</param>
internal sealed record Beeswarm(string Title, Axis X, IReadOnlyList<Swarm> Rows)
{
    private const double Width = 420, Row = 42, Left = 8, Right = 12, Below = 58, Half = 11, Step = 2.6, Column = 3;
    private const int Shades = 5;

    public XElement Draw()
    {
        double height = Row * Rows.Count + Below, bottom = Row * Rows.Count + 6;
        XElement picture = Svg.Picture(Width, height, Title);
        foreach (double tick in X.Ticks())
            picture.Add(Svg.Line(Across(tick), 4, Across(tick), bottom, tick == 0 ? "axis" : "grid"), Svg.Text(Across(tick), bottom + 14, X.Text(tick), "tick middle"));
        for (int row = 0; row < Rows.Count; row++)
        {
            double middle = Row * row + 28;
            picture.Add(Svg.Text(Left, Row * row + 14, Rows[row].Name));
            // Of one shade all dots are one path.
            foreach (IGrouping<string, (double X, double Y)> shade in Places(Rows[row], middle).GroupBy(dot => dot.Style, dot => (dot.X, dot.Y)).OrderBy(shade => shade.Key, StringComparer.Ordinal))
                picture.Add(Svg.Dots(shade, $"dots {shade.Key}"));
        }
        picture.Add(Svg.Text((Left + Width - Right) / 2, bottom + 30, X.Name, "tick middle"), Svg.Text(Left, height - 6, "value: low", "tick"));
        for (int shade = 0; shade < Shades; shade++)
            picture.Add(Svg.Dots([(Left + 62 + 10 * shade, height - 10)], $"dots v{shade}"));
        picture.Add(Svg.Text(Left + 114, height - 6, "high", "tick"), Svg.Dots([(Left + 160, height - 10)], "dots vm"), Svg.Text(Left + 168, height - 6, "missing, or a category", "tick"));
        return picture;
    }

    private double Across(double value) => Left + X.At(value) * (Width - Left - Right);

    // From left to right, each dot beside those of its column: above, below, above, and at the rim on top of each other.
    private IEnumerable<(double X, double Y, string Style)> Places(Swarm row, double middle)
    {
        var filled = new Dictionary<int, int>();
        foreach ((double value, double shade) in row.Dots.OrderBy(dot => dot.X))
        {
            double x = Across(Math.Clamp(value, X.Low, X.High));
            int column = (int)(x / Column), count = filled.GetValueOrDefault(column);
            filled[column] = count + 1;
            double offset = Math.Min(Half, Step * ((count + 1) / 2)) * (count % 2 == 0 ? 1 : -1);
            yield return (x, middle + offset, double.IsNaN(shade) ? "vm" : $"v{Math.Min(Shades - 1, (int)(shade * Shades))}");
        }
    }
}
