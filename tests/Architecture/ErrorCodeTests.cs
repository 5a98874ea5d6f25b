using System.Globalization;
using System.Text.RegularExpressions;

namespace ChurnEngine.Architecture.Tests;

public partial class ErrorCodeTests
{
    // The thousands digit names the stage; 9 (bugs) is open to all, and scoring refuses a model that does not fit with a code of the model file.
    private static readonly Dictionary<string, int[]> StageDigits = new()
    {
        ["Cli"] = [1],
        ["Service"] = [1],
        ["Pipeline"] = [1, 5, 6],
        ["data-gen"] = [1],
        ["Columns"] = [2],
        ["Ingest"] = [2],
        ["Features"] = [3],
        ["trainer"] = [4],
        ["Models"] = [5],
        ["OnnxBackend"] = [5],
        ["Scoring"] = [5, 6],
        ["Decisions"] = [7],
        ["Audit"] = [8],
        ["Registry"] = [8],
        ["Monitoring"] = [8],
    };

    [Fact]
    public void Codes_AreFound() => Assert.Superset(new HashSet<int> { 5901, 7001, 8001 }, ErrorCodes.All.Select(use => use.Code).ToHashSet());

    [Fact]
    public void Code_IsMadeOnlyInItsStagesErrorClass() =>
        Assert.True(ErrorCodes.Strays.Count == 0, $"move these codes into the stage's internal static class <Stage>Errors (a file *Errors.cs): {string.Join(", ", ErrorCodes.Strays)}");

    [Fact]
    public void Code_BelongsToOneErrorClass()
    {
        string[] twice =
        [
            .. ErrorCodes.All.GroupBy(use => use.Code).Where(uses => uses.DistinctBy(use => use.File).Count() > 1)
                .Select(uses => $"CE{uses.Key}: {string.Join(", ", uses.Select(use => $"{use.File}:{use.Line}"))}"),
        ];
        Assert.True(twice.Length == 0, $"one code, one meaning: {string.Join("; ", twice)}");
    }

    [Fact]
    public void Code_StartsWithItsStagesDigit()
    {
        string[] foreign =
        [
            .. ErrorCodes.All.Where(use => use.Code / 1000 != 9 && StageDigits.TryGetValue(Stage(use.File), out int[]? digits) && !digits.Contains(use.Code / 1000))
                .Select(use => $"CE{use.Code} in {use.File}:{use.Line}"),
        ];
        Assert.True(foreign.Length == 0, $"a code's thousands digit names its stage: {string.Join(", ", foreign)}");
    }

    [Fact]
    public void ErrorsPage_ListsEveryCode_AndNoOther()
    {
        int[] listed = [.. ListedCode().Matches(SourceProject.Text("engine/ERRORS.md")).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Distinct(listed);
        string[] missing =
        [
            .. ErrorCodes.All.Where(use => !listed.Contains(use.Code)).OrderBy(use => use.Code)
                .Select(use => $"| CE{use.Code} | ... | ... |   from {use.File}:{use.Line}: {use.Source}"),
        ];
        int[] stale = [.. listed.Except(ErrorCodes.All.Select(use => use.Code))];
        Assert.True(missing.Length == 0, $"engine/ERRORS.md lacks {missing.Length} codes:\n{string.Join('\n', missing)}");
        Assert.True(stale.Length == 0, $"engine/ERRORS.md lists codes that no stage uses: {string.Join(", ", stale.Select(code => $"CE{code}"))}");
    }

    [Fact]
    public void WithoutTexts_CommentsAndStrings_GoAndLinesStay()
    {
        const string source = "int a = 2001; // 2002\n/* 2003\n */ Say(\"a \\\" 2004\", $\"{x} 2005\", @\"c:\\\", '\"'); Code(2006);\n/// <c>CE2007</c>\nnew(2008)";
        Assert.Equal("int a = 2001; \n\n Say(, $, , ); Code(2006);\n\nnew(2008)", ErrorCodes.WithoutTexts(source));
    }

    private static string Stage(string file)
    {
        string[] parts = file.Split('/');
        return parts[0] == "engine" ? parts[1] : parts[0];
    }

    [GeneratedRegex(@"^\|\s*CE(\d{4})\s*\|", RegexOptions.Multiline)]
    private static partial Regex ListedCode();
}
