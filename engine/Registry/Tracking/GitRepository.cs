namespace ChurnEngine.Registry;

/// <summary>Reads the commit of the git repository that a folder lies in, from its files: git itself need not be there.</summary>
/// <remarks>Source: gitrepository-layout(5). A worktree's `.git` is a file that names its folder, whose refs lie in `commondir`; refs may be packed into one file.</remarks>
public static class GitRepository
{
    private const int MostLinks = 5;

    /// <summary>The commit that is checked out, hexadecimal; null outside a repository, before the first commit, and where the files cannot be read.</summary>
    /// <param name="folder">Any folder in it.</param>
    public static string? CommitOf(string folder)
    {
        try
        {
            for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            {
                string git = Path.Combine(at, ".git");
                if (Directory.Exists(git))
                    return Resolve(git, "HEAD", MostLinks);
                if (File.Exists(git) && File.ReadAllText(git).Trim() is ['g', 'i', 't', 'd', 'i', 'r', ':', .. var named])
                    return Resolve(Path.GetFullPath(named.Trim(), at), "HEAD", MostLinks);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
        }
        return null;
    }

    private static string? Resolve(string git, string name, int links)
    {
        if (links == 0 || ReadRef(git, name) is not { } content)
            return null;
        if (content.StartsWith("ref:", StringComparison.Ordinal))
            return Resolve(git, content[4..].Trim(), links - 1);
        return content.Length is 40 or 64 && content.All(char.IsAsciiHexDigitLower) ? content : null;
    }

    private static string? ReadRef(string git, string name)
    {
        string common = Path.Combine(git, "commondir");
        string[] folders = File.Exists(common) ? [git, Path.GetFullPath(File.ReadAllText(common).Trim(), git)] : [git];
        foreach (string folder in folders)
        {
            if (File.Exists(Path.Combine(folder, name)))
                return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        string packed = Path.Combine(folders[^1], "packed-refs");
        return File.Exists(packed) ? File.ReadLines(packed).Select(line => line.Split(' ')).FirstOrDefault(words => words.Length == 2 && words[1] == name)?[0] : null;
    }
}
