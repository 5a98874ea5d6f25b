using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChurnEngine.Matrix.Tests;

/// <summary>What came of a command line.</summary>
internal sealed partial record Outcome(int Exit, string Output, string Error)
{
    /// <summary>The error, the first problem that `validate` found, or the first warning; one line, empty when nothing was said.</summary>
    public string Message { get; } = FirstOf(Exit, Output, Error);

    /// <summary>The warnings, one a line.</summary>
    public IReadOnlyList<string> Warnings { get; } = [.. Error.Split('\n').Where(line => line.StartsWith("warning: ", StringComparison.Ordinal))];

    private static string FirstOf(int exit, string output, string error)
    {
        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.FirstOrDefault(line => Code().IsMatch(line)) is { } line)
            return line;
        if (exit == 1 && output.StartsWith('{') && Problem(output) is { } problem)
            return problem;
        return lines.FirstOrDefault(text => text.StartsWith("warning: ", StringComparison.Ordinal)) ?? (exit == 0 ? "" : lines.FirstOrDefault() ?? "");
    }

    private static string? Problem(string output)
    {
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("result").TryGetProperty("tables", out JsonElement tables)
            ? tables.EnumerateArray().Select(table => table.TryGetProperty("problem", out JsonElement problem) ? problem.GetString() : null).FirstOrDefault(text => text is not null)
            : null;
    }

    [GeneratedRegex(@"^CE\d{4} ")]
    private static partial Regex Code();
}
