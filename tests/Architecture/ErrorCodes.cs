using System.Globalization;
using System.Text.RegularExpressions;

namespace ChurnEngine.Architecture.Tests;

/// <summary>One use of an error code in the sources.</summary>
internal sealed record ErrorCodeUse(int Code, string File, int Line, string Source);

/// <summary>Finds the error codes: each stage writes its own in one internal static class, in a file that ends with <c>Errors.cs</c>.</summary>
internal static partial class ErrorCodes
{
    /// <summary>Four-digit numbers in the stages' error files, outside comments and texts: whichever way a factory writes its code.</summary>
    public static IReadOnlyList<ErrorCodeUse> All { get; } = [.. Find()];

    /// <summary>Uses of <c>new ErrorCode(...)</c> in any other file.</summary>
    public static IReadOnlyList<string> Strays { get; } =
        [.. SourceProject.Files("*.cs").Where(file => !IsErrorFile(file) && NewErrorCode().IsMatch(WithoutTexts(SourceProject.Text(file))))];

    private static bool IsErrorFile(string file) => file.EndsWith("Errors.cs", StringComparison.Ordinal);

    private static IEnumerable<ErrorCodeUse> Find()
    {
        foreach (string file in SourceProject.Files("*Errors.cs"))
        {
            string[] lines = WithoutTexts(SourceProject.Text(file)).Split('\n');
            for (int line = 0; line < lines.Length; line++)
            {
                foreach (Match match in FourDigits().Matches(lines[line]))
                    yield return new ErrorCodeUse(int.Parse(match.Value, CultureInfo.InvariantCulture), file, line + 1, lines[line].Trim());
            }
        }
    }

    // Line breaks stay, so that line numbers do.
    public static string WithoutTexts(string source) => TextOrComment().Replace(source, match => new string('\n', match.Value.Count(c => c == '\n')));

    [GeneratedRegex("""\"{3}.*?\"{3}|\$?@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*.*?\*/""", RegexOptions.Singleline)]
    private static partial Regex TextOrComment();

    [GeneratedRegex(@"(?<![\w.])[1-9]\d{3}(?![\w.])")]
    private static partial Regex FourDigits();

    [GeneratedRegex(@"new\s+ErrorCode\s*\(")]
    private static partial Regex NewErrorCode();
}
