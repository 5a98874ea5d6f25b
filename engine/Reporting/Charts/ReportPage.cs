using System.Xml;
using System.Xml.Linq;

namespace ChurnEngine.Reporting;

/// <summary>What all pages share: one file, pictures are SVG inside it, nothing is loaded from elsewhere; light or dark as the reader's system is, readable on a phone and on paper.</summary>
internal static class ReportPage
{
    private const string Style = """
        * { box-sizing: border-box; } body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 1320px; margin: 1.5rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; } p { margin: .3rem 0; max-width: 90ch; } .soft { color: var(--soft); } .warning { border-left: 4px solid var(--c1); padding-left: .6rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .8rem 0; } dt { color: var(--soft); } dd { margin: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .6rem; margin: 1rem 0; } .card { background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: .5rem .7rem; }
        .card b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; } .card small { color: var(--soft); display: block; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(380px, 100%), 1fr)); gap: 1.2rem 2rem; } figure { margin: 0; min-width: 0; } figcaption { font-weight: 600; } figure p { font-size: .85rem; margin: 0 0 .3rem; } figure svg { width: 100%; height: auto; max-width: 460px; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; } td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: pre; } th { color: var(--soft); font-weight: 600; } td:first-child, th:first-child { text-align: left; padding-left: 0; }
        @media (max-width: 500px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } .cards { grid-template-columns: repeat(2, 1fr); } }
        @media print { body { max-width: none; margin: 0; font-size: 11px; } figure p, table { font-size: 10px; } figure, .card, tr { break-inside: avoid; } h2 { break-after: avoid; } .pictures { grid-template-columns: repeat(2, 1fr); } .scroll { overflow: visible; } td, th { padding: .15rem .35rem; white-space: pre-line; } }
        """;

    /// <summary>The whole page.</summary>
    /// <param name="title">As the browser's tab shows it.</param>
    /// <param name="body">Its body.</param>
    public static string Render(string title, XElement body)
    {
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head", new XElement("meta", new XAttribute("charset", "utf-8")), new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                // Without one the browser asks for a file that is not there.
                new XElement("link", new XAttribute("rel", "icon"), new XAttribute("href", "data:,")),
                new XElement("title", title), new XElement("style", ChartStyle.Css, Style)),
            body);
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>A table that scrolls by itself where it is wider than the page; a cell is a text or an element.</summary>
    public static XElement Table(string[] head, IEnumerable<object[]> rows) => new("div", new XAttribute("class", "scroll"),
        new XElement("table", new XElement("tr", head.Select(cell => new XElement("th", cell))), rows.Select(row => new XElement("tr", row.Select(cell => new XElement("td", cell))))));

    /// <summary>A text of the data's own: what no XML can hold becomes a question mark.</summary>
    public static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0xFFFD || rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "?" : rune.ToString()));

    /// <summary>A paragraph of less weight.</summary>
    public static XElement Soft(string text) => new("p", new XAttribute("class", "soft"), text);

    /// <summary>A figure under its name, with a remark below.</summary>
    public static XElement Card(string name, string value, string remark) =>
        new("div", new XAttribute("class", "card"), new XElement("small", name), new XElement("b", value), new XElement("small", remark));
}
