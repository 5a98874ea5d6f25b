using System.Security.Cryptography;

namespace ChurnEngine.Cli.Tests;

/// <summary>What lies in a folder, by name and content.</summary>
internal static class FolderContent
{
    /// <summary>Relative path to hash of every file, and every folder with a trailing slash, in order.</summary>
    public static SortedDictionary<string, string> Of(string directory)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!Directory.Exists(directory))
            return content;
        foreach (string folder in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories))
            content.Add(Path.GetRelativePath(directory, folder) + "/", "");
        foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
            content.Add(Path.GetRelativePath(directory, file), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
        return content;
    }

    /// <summary>No name that a writer uses for what is not finished.</summary>
    public static void AssertNothingHalfWritten(string directory) =>
        Assert.DoesNotContain(Of(directory).Keys, name => name.Contains("partial", StringComparison.Ordinal));

    /// <summary>Copies a folder; the test may then break the copy.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    /// <summary>Replaces a text in a file, which must hold it.</summary>
    public static void Edit(string path, string old, string replacement)
    {
        string text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }
}
