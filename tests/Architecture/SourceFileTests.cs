namespace ChurnEngine.Architecture.Tests;

public class SourceFileTests
{
    private const int MostLines = 400;

    private static readonly string[] EmptyNames = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Manager", "Common", "Base"];

    [Fact]
    public void Files_AreFound() => Assert.NotEmpty(SourceProject.Files("*.cs"));

    [Fact]
    public void File_IsNoLongerThanAConcept()
    {
        string[] tooLong = [.. SourceProject.Files("*.cs").Select(file => (file, lines: SourceProject.Text(file).Count(c => c == '\n'))).Where(f => f.lines > MostLines).Select(f => $"{f.file} ({f.lines})")];
        Assert.True(tooLong.Length == 0, $"more than {MostLines} lines: {string.Join(", ", tooLong)}");
    }

    [Fact]
    public void File_NameSaysWhatItIs()
    {
        string[] empty = [.. SourceProject.Files("*.cs").Where(file => EmptyNames.Any(name => Path.GetFileNameWithoutExtension(file).EndsWith(name, StringComparison.Ordinal)))];
        Assert.True(empty.Length == 0, $"names that say nothing: {string.Join(", ", empty)}");
    }
}
