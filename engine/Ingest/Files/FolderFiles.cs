namespace ChurnEngine.Ingest.Files;

/// <summary>The files of a folder and of those below it. Links to folders are followed, each folder once: a link back up would repeat every row.</summary>
internal static class FolderFiles
{
    /// <summary>Paths below <paramref name="folder"/>, in no order.</summary>
    /// <remarks>Errors: <see cref="UnauthorizedAccessException"/> for a folder that may not be entered.</remarks>
    public static IEnumerable<string> Below(string folder)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { RealPath(folder) };
        var open = new Stack<string>([folder]);
        while (open.TryPop(out string? next))
        {
            foreach (string file in Directory.EnumerateFiles(next))
                yield return file;
            foreach (string inner in Directory.EnumerateDirectories(next))
            {
                if (seen.Add(RealPath(inner)))
                    open.Push(inner);
            }
        }
    }

    // Every part of the path may be a link.
    private static string RealPath(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string? above = Path.GetDirectoryName(full);
        if (above is null)
            return full;
        string place = Path.Combine(RealPath(above), Path.GetFileName(full));
        return Directory.ResolveLinkTarget(place, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : place;
    }
}
