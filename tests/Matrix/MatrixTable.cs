using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using ChurnEngine.TestKit;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Collects what every input led to, and writes it into tests/README.md when CHURN_WRITE_MATRIX=1.</summary>
public sealed partial class MatrixTable : IDisposable
{
    private const string Begin = "<!-- matrix: written by the Matrix tests with CHURN_WRITE_MATRIX=1 -->";
    private const string End = "<!-- end of matrix -->";
    private const int LongestMessage = 420;
    private readonly ConcurrentDictionary<(string, string), string> _messages = [];

    internal static string Path { get; } = System.IO.Path.Combine(Repository.Root, "tests", "README.md");

    internal static bool IsBeingWritten { get; } = Environment.GetEnvironmentVariable("CHURN_WRITE_MATRIX") == "1";

    /// <summary>The cells that do not depend on the machine: group, input, command line, exit code.</summary>
    internal static string[] Cells(BadInput input) => [.. new[] { input.Group, input.Name, $"`{input.CommandLine}`", $"{input.Exit}" }.Select(Escape)];

    internal void Note(BadInput input, Outcome outcome, string folder)
    {
        string message = outcome.Message.Replace(folder + "/", "", StringComparison.Ordinal).Replace(folder, ".", StringComparison.Ordinal);
        message = ProcessId().Replace(message, ".partial");
        message = SpillFolder().Replace(message, "/tmp/churn-spill");
        message = message.Length > LongestMessage ? message[..LongestMessage] + "…" : message;
        if (message.Length == 0 && input.Rows is { } rows)
            message = rows.Kept == rows.Read ? $"accepted: {rows.Kept} of {rows.Read} rows" : $"{rows.Kept} of {rows.Read} rows";
        _messages[(input.Group, input.Name)] = message.Length == 0 ? "accepted" : message;
    }

    internal void Skip(BadInput input, string reason) => _messages[(input.Group, input.Name)] = $"(not shown: {reason})";

    public void Dispose()
    {
        if (!IsBeingWritten)
            return;
        var table = new StringBuilder();
        table.Append(Begin).Append($"\n\n{BadInputs.All.Count} inputs.\n\n| kind | input | command line (`churn ...`) | exit | first line of the message |\n|---|---|---|---|---|\n");
        foreach (BadInput input in BadInputs.All)
            table.Append($"| {string.Join(" | ", Cells(input))} | {Escape(_messages.GetValueOrDefault((input.Group, input.Name), ""))} |\n");
        table.Append('\n').Append(End);
        string text = File.ReadAllText(Path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal) + End.Length;
        File.WriteAllText(Path, text[..begin] + table + text[end..]);
    }

    private static string Escape(string text) => Control().Replace(text, " ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    [GeneratedRegex(@"[\p{Cc}]")]
    private static partial Regex Control();

    [GeneratedRegex(@"\.\d+-\d+\.partial")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"/tmp/churn-spill-\d+-\d+")]
    private static partial Regex SpillFolder();
}
