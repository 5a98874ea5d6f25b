namespace ChurnEngine.Bench;

/// <summary>A table in Markdown; columns whose heading starts with a blank are aligned to the right.</summary>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public bool IsEmpty => _rows.Count == 0;

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString() => string.Join('\n',
    [
        Line(headings.Select(heading => heading.Trim())),
        Line(headings.Select(heading => heading.StartsWith(' ') ? "---:" : "---")),
        .. _rows.Select(Line),
    ]);

    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))) + " |";
}
