using System.Globalization;
using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>Elements of SVG, built as a tree: whatever a text holds, the result is well-formed.</summary>
public static class Svg
{
    /// <summary>The namespace of SVG.</summary>
    public static XNamespace Space { get; } = "http://www.w3.org/2000/svg";

    /// <summary>A picture that scales with the page.</summary>
    /// <param name="width">Of its own units, about pixels.</param>
    /// <param name="height">As width.</param>
    /// <param name="title">What a reader who cannot see it is told.</param>
    public static XElement Picture(double width, double height, string title) => new(Space + "svg",
        new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"), new XAttribute("width", Number(width)), new XAttribute("height", Number(height)), new XAttribute("role", "img"),
        new XElement(Space + "title", title));

    /// <summary>A text whose baseline starts at a point.</summary>
    /// <param name="x">Of the picture's units.</param>
    /// <param name="y">Down from the top.</param>
    /// <param name="text">Anything; it is escaped.</param>
    /// <param name="style">Classes of the page's style sheet; empty for none.</param>
    public static XElement Text(double x, double y, string text, string style = "") => Of("text", ("x", x), ("y", y), ("class", style)).With(text);

    /// <summary>A straight line.</summary>
    public static XElement Line(double x1, double y1, double x2, double y2, string style) => Of("line", ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("class", style));

    /// <summary>A rectangle by its upper left corner.</summary>
    public static XElement Rectangle(double x, double y, double width, double height, string style) => Of("rect", ("x", x), ("y", y), ("width", width), ("height", height), ("class", style));

    /// <summary>A circle by its centre.</summary>
    public static XElement Circle(double x, double y, double radius, string style) => Of("circle", ("cx", x), ("cy", y), ("r", radius), ("class", style));

    /// <summary>Straight lines from point to point.</summary>
    public static XElement Path(IEnumerable<(double X, double Y)> points, string style) =>
        Of("path", ("d", "M" + string.Join(" L", points.Select(point => $"{Number(point.X)} {Number(point.Y)}"))), ("class", style));

    /// <summary>Many dots as one element: lines of no length with round ends, whose width the style gives.</summary>
    public static XElement Dots(IEnumerable<(double X, double Y)> points, string style) =>
        Of("path", ("d", string.Concat(points.Select(point => $"M{Number(point.X)} {Number(point.Y)}h0"))), ("class", style));

    /// <summary>What a pointer that rests on it shows.</summary>
    public static XElement Tip(this XElement element, string text)
    {
        ArgumentNullException.ThrowIfNull(element);
        element.AddFirst(new XElement(Space + "title", text));
        return element;
    }

    /// <summary>A number as attributes hold it: two decimals, a point.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private static XElement With(this XElement element, string text)
    {
        element.Add(text);
        return element;
    }

    private static XElement Of(string name, params (string Name, object Value)[] attributes) =>
        new(Space + name, attributes.Where(attribute => attribute.Value is not "").Select(attribute => new XAttribute(attribute.Name, attribute.Value is double number ? Number(number) : attribute.Value)));
}
