namespace ChurnEngine.Matrix.Tests;

/// <summary>One row of the matrix: an input, the command line that meets it, and what is promised.</summary>
internal sealed record BadInput
{
    /// <summary>Kind of input: CSV, JSON lines, Parquet, Arrow, plan, model, flags, environment.</summary>
    public required string Group { get; init; }

    /// <summary>What is wrong with it, in words; unique in its group.</summary>
    public required string Name { get; init; }

    /// <summary>Arguments, separated by blanks; "..." keeps one whole. Paths are relative to the scene's folder.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Puts the input into the folder.</summary>
    public Action<Scene> Arrange { get; init; } = _ => { };

    /// <summary>Promised exit code.</summary>
    public required int Exit { get; init; }

    /// <summary>How the message starts: at least its code. For an input that is rightly accepted: the start of the first warning, or nothing.</summary>
    public string Says { get; init; } = "";

    /// <summary>What else the message must name, such as file, row and column.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Data rows of the table that the input is about; each must be in the output or in the quarantine. Null where no row is read.</summary>
    public Rows? Rows { get; init; }

    /// <summary>What else must hold afterwards.</summary>
    public Action<Scene>? After { get; init; }

    /// <summary>True when the work itself is done, and only its account is lost: the output is there, whole.</summary>
    public bool IsDone { get; init; }

    /// <summary>How to start it as a process of its own; null: in this process.</summary>
    public OwnProcess? Process { get; init; }

    /// <summary>Why this machine cannot show it; null when it can.</summary>
    public Func<string?> Lacks { get; init; } = () => null;

    public string Verb => CommandLine.Split(' ')[0];
}

/// <summary>Rows that a table has, and how many of them are promised to come through; the rest must be in the quarantine.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Read">Data rows of its files.</param>
/// <param name="Kept">Rows of it that reach the output.</param>
internal sealed record Rows(string Table, int Read, int Kept);

/// <summary>How a process of its own is started.</summary>
internal sealed record OwnProcess
{
    /// <summary>Shell text before the program, such as "exec setpriv ..."; the program and its arguments follow.</summary>
    public string Before { get; init; } = "exec";

    /// <summary>Shell text after it, such as a redirection.</summary>
    public string Behind { get; init; } = "";

    /// <summary>The program, relative to the scene's folder; null: the one beside the tests.</summary>
    public string? Program { get; init; }

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
