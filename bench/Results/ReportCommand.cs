using System.CommandLine;

namespace ChurnEngine.Bench;

internal sealed class ReportCommand : BenchCommand
{
    private readonly Option<string[]> _add;
    private readonly Option<bool> _anyway, _write, _check;

    public ReportCommand() : base("report", "The results that are kept, as tables: print them, take new ones in, and write them into README.md and bench/README.md.")
    {
        _add = Add(new Option<string[]>("--add") { Description = "Measured files to keep, in bench/results, one file a machine.", AllowMultipleArgumentsPerToken = true, HelpName = "FILE" });
        _anyway = Add(new Option<bool>("--anyway") { Description = "Keep short runs too, and those of sources that are no commit; the tables say so." });
        _write = Add(new Option<bool>("--write") { Description = "Write the tables into both pages." });
        _check = Add(new Option<bool>("--check") { Description = "Exit code 1 when a page differs from bench/results." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("what is known, of every machine", "report"),
        new("keep what was measured, and show it on both pages", "report --add artifacts/bench/machine.json artifacts/bench/kernels.json artifacts/bench/pipeline.json --write"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string[] added = arguments.GetValue(_add) ?? [];
        foreach (string path in added)
            Console.Error.WriteLine($"kept in {ResultBook.Add(ResultBook.Folder, path, arguments.GetValue(_anyway))}");
        var book = ResultBook.Open(ResultBook.Folder);
        bool write = arguments.GetValue(_write), check = arguments.GetValue(_check);
        string[] stale = [.. ResultBook.Pages.Where(page => Update(page, book, write)).Select(page => page.Path)];
        foreach (string page in stale)
            Console.Error.WriteLine(write ? $"written: {page}" : $"{page} differs from bench/results");
        if (added.Length == 0 && !write && !check)
            Console.Out.WriteLine(book.Long());
        return check && !write && stale.Length > 0 ? 1 : 0;
    }

    // True when the page was not as it should be.
    private static bool Update((string Path, Func<ResultBook, string> Text) page, ResultBook book, bool write)
    {
        string path = Path.Combine(SourceTree.Root, page.Path);
        string old = File.ReadAllText(path), now = GeneratedBlock.Replace(old, page.Text(book), page.Path);
        if (write && now != old)
            File.WriteAllText(path, now);
        return now != old;
    }
}
