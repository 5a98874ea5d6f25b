using System.Text.RegularExpressions;

namespace ChurnEngine.Architecture.Tests;

/// <summary>The kill tests end the process before every change of a file that is announced. So every change must be: through FileChanges, PendingFile, AtomicFile or FolderLock.</summary>
public partial class FileChangeTests
{
    private const string Room = "engine/Columns/Files/";

    [Fact]
    public void FilesAndFolders_AreChangedInOneRoomOnly()
    {
        string[] strays =
        [
            .. from file in SourceProject.Files("*.cs")
               where !file.StartsWith(Room, StringComparison.Ordinal)
               from call in Calls(SourceProject.Text(file))
               select $"{file}: {call}",
        ];
        Assert.True(strays.Length == 0, $"use what is in {Room}, which announces the step: {string.Join(", ", strays)}");
    }

    [Theory]
    [InlineData("File.Move(a, b, overwrite: true);")]
    [InlineData("Directory.Delete(work, recursive: true);")]
    [InlineData("File.WriteAllText(path, text);")]
    [InlineData("using var s = new FileStream(path, FileMode.Create);")]
    [InlineData("using FileStream s = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);")]
    public void Rule_SeesAChange(string source) => Assert.Single(Calls(source));

    [Theory]
    [InlineData("FileChanges.Move(a, b); PendingFile.Create(path); ArrowFile.Create(path, schema);")]
    [InlineData("File.ReadAllText(path); File.OpenRead(path); Directory.GetFiles(path); // File.Move(a, b)")]
    public void Rule_LetsTheRestBe(string source) => Assert.Empty(Calls(source));

    private static IEnumerable<string> Calls(string source) => Change().Matches(ErrorCodes.WithoutTexts(source)).Select(match => match.Value);

    [GeneratedRegex(@"(?<![\w.])(?:System\.IO\.)?(?:File\.(?:Move|Delete|Create|CreateText|Replace|Copy|OpenWrite|WriteAll\w+|AppendAll\w+|AppendText)|Directory\.(?:Move|Delete|CreateDirectory))\s*\(|FileMode\.(?:Create|CreateNew|OpenOrCreate|Append|Truncate)\b")]
    private static partial Regex Change();
}
