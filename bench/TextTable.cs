using System.Text;

namespace ChurnEngine.Bench;

/// <summary>Rows of text in columns: the first to the left, numbers to the right. Plain, so that it reads the same on a terminal, in a file and in an issue.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] row) => _rows.Add(row);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, _rows.Max(row => row.Length)).Select(column => _rows.Max(row => column < row.Length ? row[column].Length : 0))];
        var text = new StringBuilder();
        foreach (string[] row in _rows)
        {
            string line = string.Concat(row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : "  " + cell.PadLeft(widths[column])));
            text.Append("  ").AppendLine(line.TrimEnd());
        }
        return text.ToString();
    }
}
