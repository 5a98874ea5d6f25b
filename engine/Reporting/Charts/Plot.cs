using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>One line of a plot.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Points">From left to right.</param>
/// <param name="Style">c0 to c3, its colour; the same for the same thing in all pictures.</param>
internal sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, string Style)
{
    /// <summary>Dots at its points: of a line with few.</summary>
    public bool HasDots { get; init; }
}

/// <summary>Lines over two linear axes, with a legend below.</summary>
/// <param name="Title">What a reader who cannot see it is told.</param>
/// <param name="X">From left to right.</param>
/// <param name="Y">From below to above.</param>
/// <param name="Lines">The lines.</param>
internal sealed record Plot(string Title, Axis X, Axis Y, IReadOnlyList<PlotLine> Lines)
{
    private const double Width = 420, Height = 300, Left = 52, Right = 14, Top = 12, Bottom = 44, Legend = 18;

    /// <summary>A dashed line to compare with; empty for none.</summary>
    public IReadOnlyList<(double X, double Y)> Guide { get; init; } = [];

    /// <summary>Points with a name, such as where the threshold lies.</summary>
    public IReadOnlyList<(double X, double Y, string Text)> Marks { get; init; } = [];

    /// <summary>Single dots, without a line.</summary>
    public IReadOnlyList<(double X, double Y)> Dots { get; init; } = [];

    /// <summary>A vertical line with a name.</summary>
    public (double X, string Text)? Upright { get; init; }

    public XElement Draw()
    {
        (PlotLine Line, double X, int Row)[] legend = LegendPlaces();
        XElement picture = Svg.Picture(Width, Height + Legend * legend.Select(place => place.Row + 1).DefaultIfEmpty().Max(), Title);
        foreach (double tick in X.Ticks())
            picture.Add(Svg.Line(Across(tick), Top, Across(tick), Height - Bottom, "grid"), Svg.Text(Across(tick), Height - Bottom + 15, X.Text(tick), "tick middle"));
        foreach (double tick in Y.Ticks())
            picture.Add(Svg.Line(Left, Up(tick), Width - Right, Up(tick), "grid"), Svg.Text(Left - 6, Up(tick) + 4, Y.Text(tick), "tick end"));
        XElement yName = Svg.Text(0, 0, Y.Name, "tick middle");
        yName.Add(new XAttribute("transform", $"translate(11 {Svg.Number((Top + Height - Bottom) / 2)}) rotate(-90)"));
        picture.Add(yName, Svg.Text((Left + Width - Right) / 2, Height - Bottom + 33, X.Name, "tick middle"));
        if (Guide.Count > 0)
            picture.Add(Svg.Path(Guide.Select(Place), "guide"));
        if (Upright is { } upright)
            AddUpright(picture, upright);
        if (Dots.Count > 0)
            picture.Add(Svg.Dots(Dots.Select(Place), "dots v0"));
        foreach (PlotLine line in Lines.Where(line => line.Points.Count > 0))
        {
            picture.Add(Svg.Path(line.Points.Select(Place), $"line {line.Style}"));
            if (line.HasDots)
                picture.Add(line.Points.Select(point => Svg.Circle(Across(point.X), Up(point.Y), 3, $"dot {line.Style}").Tip($"{line.Name}: {X.Text(point.X)}, {Y.Text(point.Y)}")));
        }
        foreach ((double x, double y, string text) in Marks)
        {
            bool isRight = X.At(x) > 0.6, isHigh = Y.At(y) > 0.85;
            picture.Add(Svg.Circle(Across(x), Up(y), 4.5, "dot c1").Tip(text), Svg.Text(Across(x) + (isRight ? -9 : 9), Up(y) + (isHigh ? 16 : isRight ? -9 : 14), text, isRight ? "end" : ""));
        }
        picture.Add(legend.SelectMany(LegendEntry));
        return picture;
    }

    private void AddUpright(XElement picture, (double X, string Text) upright)
    {
        bool isRight = X.At(upright.X) > 0.5;
        picture.Add(Svg.Line(Across(upright.X), Top, Across(upright.X), Height - Bottom, "guide"), Svg.Text(Across(upright.X) + (isRight ? -5 : 5), Top + 12, upright.Text, isRight ? "tick end" : "tick"));
    }

    private (double X, double Y) Place((double X, double Y) point) => (Across(point.X), Up(point.Y));

    private double Across(double value) => Left + X.At(value) * (Width - Left - Right);

    private double Up(double value) => Height - Bottom - Y.At(value) * (Height - Top - Bottom);

    // A line without a name needs no entry; widths of names are guessed, 6.3 units a letter.
    private (PlotLine Line, double X, int Row)[] LegendPlaces()
    {
        var places = new List<(PlotLine, double, int)>();
        (double x, int row) = (Left, 0);
        foreach (PlotLine line in Lines.Where(line => line.Name.Length > 0 && line.Points.Count > 0))
        {
            double width = 36 + 6.3 * line.Name.Length;
            if (x > Left && x + width > Width)
                (x, row) = (Left, row + 1);
            places.Add((line, x, row));
            x += width;
        }
        return [.. places];
    }

    private static IEnumerable<XElement> LegendEntry((PlotLine Line, double X, int Row) place)
    {
        double y = Height + 6 + Legend * place.Row;
        yield return Svg.Line(place.X, y, place.X + 16, y, $"line {place.Line.Style}");
        yield return Svg.Text(place.X + 21, y + 4, place.Line.Name);
    }
}
