namespace ChurnEngine.Bench;

/// <summary>The part of a page that is written from bench/results and by no hand.</summary>
internal static class GeneratedBlock
{
    public const string Begin = "<!-- results: written by `bench report --write` from bench/results -->";
    public const string End = "<!-- end of results -->";

    /// <summary>The page with the text between the marks replaced.</summary>
    /// <param name="page">Markdown with both marks, each on a line of its own.</param>
    /// <param name="text">What goes between them.</param>
    /// <param name="name">File, for the error.</param>
    public static string Replace(string page, string text, string name)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal), end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new BenchException($"'{name}' has no place for results", $"put the lines '{Begin}' and '{End}' into it");
        return $"{page[..begin]}{Begin}\n\n{text.Trim('\n')}\n\n{page[end..]}";
    }
}
