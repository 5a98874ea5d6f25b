namespace ChurnEngine.Bench;

/// <summary>The results that are kept: bench/results, one file a machine.</summary>
internal sealed class ResultBook
{
    private const string Nothing = "No results are recorded yet: measure, then `bench report --add FILE`.";

    private ResultBook(IReadOnlyList<ResultFile> files) => Files = files;

    /// <summary>Folder of the files.</summary>
    public static string Folder { get; } = Path.Combine(SourceTree.Root, "bench", "results");

    /// <summary>The pages that carry results, and what each shows.</summary>
    public static IReadOnlyList<(string Path, Func<ResultBook, string> Text)> Pages { get; } =
    [
        ("README.md", book => book.Short()),
        (Path.Combine("bench", "README.md"), book => book.Long()),
    ];

    /// <summary>By name of the machine.</summary>
    public IReadOnlyList<ResultFile> Files { get; }

    public static ResultBook Open(string folder) =>
        new(Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(ResultFile.Read)] : []);

    /// <summary>Takes a measured file into the folder: what was measured anew replaces what was there.</summary>
    /// <param name="folder">Folder of the files.</param>
    /// <param name="path">File that a bench command wrote.</param>
    /// <param name="anyway">Also a short run, or one of sources that are no commit.</param>
    public static string Add(string folder, string path, bool anyway)
    {
        ResultFile measured = ResultFile.Read(path);
        foreach (SuiteRun run in measured.Runs.Where(_ => !anyway))
        {
            if (run.Quick)
                throw new BenchException($"'{path}' is a short run, which supports no claim", "measure without --quick, or say --anyway");
            if (run.Dirty)
                throw new BenchException($"'{path}' was measured on sources that are not commit {run.Commit}", "commit, build and measure again, or say --anyway");
        }
        string kept = Path.Combine(folder, measured.Machine.Slug() + ".json");
        ResultFile book = File.Exists(kept) ? ResultFile.Read(kept) with { Machine = measured.Machine } : new ResultFile { Machine = measured.Machine };
        foreach (SuiteRun run in measured.Runs)
            book = book.With(run);
        book.Write(kept);
        return kept;
    }

    /// <summary>The tables of the main page: every stage at the largest size, and the peers, each of the machine that has measured most of it; of two, the later.</summary>
    public string Short() => Join(
    [
        Fullest(file => ResultTables.Stages(file, largestOnly: true)),
        Fullest(file => ResultTables.Peers(file, oneMeasure: true)),
    ]);

    /// <summary>Everything, machine by machine.</summary>
    public string Long() => Join(Files.Select(file => Join(
    [
        $"### {file.Machine.Cpu}, {file.Machine.Cores} cores, {file.Machine.InstructionSet}",
        ResultTables.Machine(file),
        ResultTables.Stages(file, largestOnly: false),
        ResultTables.Growth(file),
        ResultTables.Kernels(file),
        ResultTables.Peers(file, oneMeasure: false),
    ])));

    private string Fullest(Func<ResultFile, string> table) => Files
        .OrderByDescending(file => file.Runs.Select(run => run.Date).Max(StringComparer.Ordinal), StringComparer.Ordinal)
        .Select(table).MaxBy(text => text.Count(letter => letter == '\n')) ?? "";

    private static string Join(IEnumerable<string> parts)
    {
        string text = string.Join("\n\n", parts.Where(part => part.Length > 0));
        return text.Length > 0 ? text : Nothing;
    }
}
