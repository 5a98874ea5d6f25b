using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench;

/// <summary>Folded stacks as one SVG file: width is time on the core, the outermost frame at the bottom. A click on a frame shows it alone; nothing is loaded from elsewhere.</summary>
/// <remarks>Source: Gregg 2016, "The Flame Graph".</remarks>
internal static class FlameGraph
{
    private const double Width = 1200, Row = 17, Top = 34, LetterWidth = 6.4;

    // Narrower frames would be hairlines that nobody can read or hit.
    private const double Narrowest = 0.4;

    private const string Style = """
        svg { background: #fff; font: 11px ui-monospace, monospace; } text { fill: #1d2430; pointer-events: none; } .title { font: 600 14px system-ui, sans-serif; } .soft { fill: #5b6470; }
        rect { stroke: #fff; stroke-width: .6; cursor: pointer; } .own { fill: #f2a65a; } .library { fill: #9fc5e8; } .native { fill: #b7a6d9; } .root { fill: #d7dbe0; }
        @media (prefers-color-scheme: dark) { svg { background: #14181f; } text { fill: #e4e8ee; } .soft { fill: #9aa4b1; } rect { stroke: #14181f; } .own { fill: #a8601c; } .library { fill: #2f5d86; } .native { fill: #5d4b8a; } .root { fill: #3a424d; } }
        """;

    // The only script: x and width of a frame are shares of its ancestor's, so showing one alone is a shift and a stretch.
    private const string Script = """
        const width = 1200, letter = 6.4;
        document.querySelectorAll('g.frame').forEach(frame => frame.addEventListener('click', () => {
          const x0 = +frame.dataset.x, w0 = +frame.dataset.w;
          document.querySelectorAll('g.frame').forEach(other => {
            const x = Math.max((other.dataset.x - x0) / w0 * width, 0), end = Math.min((+other.dataset.x + +other.dataset.w - x0) / w0 * width, width);
            other.style.display = end - x > 0.4 ? '' : 'none';
            const rect = other.querySelector('rect'), text = other.querySelector('text'), room = Math.floor((end - x - 6) / letter);
            rect.setAttribute('x', x); rect.setAttribute('width', Math.max(end - x, 0));
            text.setAttribute('x', x + 3); text.textContent = room < 3 ? '' : other.dataset.n.length <= room ? other.dataset.n : other.dataset.n.slice(0, room - 1) + '\u2026';
          });
        }));
        """;

    /// <summary>The file's text.</summary>
    /// <param name="profile">At least one sample.</param>
    /// <param name="title">Stage, sizes, sampler.</param>
    public static string Render(StackProfile profile, string title)
    {
        double height = Top + (profile.Root.Depth * Row) + 8;
        XElement picture = Svg.Picture(Width, height, title);
        picture.Add(new XElement(Svg.Space + "style", Style));
        picture.Add(Svg.Text(8, 20, title, "title"));
        Draw(picture, profile.Root, 0, (0, height, profile.Samples));
        picture.Add(new XElement(Svg.Space + "script", new XCData(Script)));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + picture.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static void Draw(XElement picture, FlameNode node, int level, (double X, double Height, long Samples) at)
    {
        double width = Width * node.Total / at.Samples, y = at.Height - ((level + 1) * Row) - 4;
        if (width < Narrowest)
            return;
        int room = (int)((width - 6) / LetterWidth);
        string text = room < 3 ? "" : node.Name.Length <= room ? node.Name : node.Name[..(room - 1)] + "…";
        string share = (100.0 * node.Total / at.Samples).ToString("N1", CultureInfo.InvariantCulture), self = (100.0 * node.Self / at.Samples).ToString("N1", CultureInfo.InvariantCulture);
        picture.Add(new XElement(Svg.Space + "g", new XAttribute("class", "frame"), new XAttribute("data-x", Svg.Number(at.X)), new XAttribute("data-w", Svg.Number(width)), new XAttribute("data-n", node.Name),
            new XElement(Svg.Space + "title", $"{node.Name}: {share}% of {at.Samples:N0} samples, {self}% in itself"),
            Svg.Rectangle(at.X, y, width, Row - 1, level == 0 ? "root" : Kind(node.Name)), Svg.Text(at.X + 3, y + 12, text)));
        foreach (FlameNode child in node.Children.Values)
        {
            Draw(picture, child, level + 1, at);
            at.X += Width * child.Total / at.Samples;
        }
    }

    // Ours, the class library's, and what is no managed code.
    private static string Kind(string name) =>
        name.Contains('[', StringComparison.Ordinal) ? "native" : name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) ? "library" : "own";
}
