namespace ChurnEngine.Cli.Doctor;

/// <summary>Programs that only a build or a benchmark asks for. Nothing that the command does needs one of them.</summary>
internal sealed class PeerProbe : IProbe
{
    // The packages of Debian's own Python, where the benchmark looks for them; a second Python earlier in PATH has none.
    private const string Python = "/usr/bin/python3";

    private static readonly string[] s_packages = ["xgboost", "scikit-learn", "onnx"];

    private const string AskPackages = """
        import importlib.metadata as m, sys
        print(sys.version.split()[0])
        for name in sys.argv[1:]:
            try: print(name + "=" + m.version(name))
            except Exception: pass
        """;

    private static readonly (string Id, string What, string[] Command, string Hint)[] s_programs =
    [
        ("tools.node", "Node", ["node", "--version"], "only needed to build and to test: apt-get install nodejs"),
        ("tools.npm", "npm", ["npm", "--version"], "only needed to build: apt-get install npm"),
        ("peers.hyperfine", "hyperfine", ["hyperfine", "--version"], "only for benchmarks: apt-get install hyperfine"),
        ("peers.postgresql", "PostgreSQL", ["psql", "--version"], "only for tests of databases: apt-get install postgresql"),
        ("peers.chromium", "Chromium", ["chromium", "--version"], "only to look at reports: apt-get install chromium"),
    ];

    public string Topic => "tools and peers (optional)";

    public Need Serves => Need.None;

    public IEnumerable<Finding> Look()
    {
        Task<Finding>[] asked = [.. s_programs.Select(program => Task.Run(() => Ask(program))), Task.Run(AskPython)];
        return asked.Select(task => task.Result);
    }

    private static Finding Ask((string Id, string What, string[] Command, string Hint) program)
    {
        ProgramAnswer answer = ProgramRun.Ask(program.Command[0], program.Command[1..]);
        return new Finding(program.Id, program.What, Standing.Note, answer.Line) { Hint = answer.Path is null ? program.Hint : "" };
    }

    private static Finding AskPython()
    {
        ProgramAnswer answer = ProgramRun.Ask(Python, ["-c", AskPackages, .. s_packages]);
        string[] lines = answer.Text?.Split('\n', StringSplitOptions.TrimEntries) ?? [];
        string[] absent = [.. s_packages.Where(name => !lines.Any(line => line.StartsWith(name + "=", StringComparison.Ordinal)))];
        string found = lines.Length == 0 ? answer.Path is null ? $"{Python} is not there" : answer.Line
            : $"{lines[0]} with {(lines.Length > 1 ? string.Join(", ", lines[1..].Select(line => line.Replace('=', ' '))) : "none of the peers")}";
        return new Finding("peers.python", "Debian's Python", Standing.Note, found)
        {
            Hint = absent.Length == 0 ? "" : $"only for benchmarks and tests: apt-get install {string.Join(' ', absent.Select(name => name == "scikit-learn" ? "python3-sklearn" : $"python3-{name}"))}",
            Details = lines.Length > 1 ? lines[1..].ToDictionary(line => line.Split('=')[0].Replace('-', '_'), line => (object)line.Split('=')[1]) : null,
        };
    }
}
