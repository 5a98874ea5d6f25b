using System.Globalization;

namespace ChurnEngine.Cli.Doctor;

/// <summary>Reads what Linux says about itself under /proc and /sys; what cannot be read is absent, never an error.</summary>
internal static class SystemFile
{
    /// <summary>The file's text, trimmed; null when it is not there or may not be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The value of the first line that begins with <paramref name="key"/>, as <c>key: value</c>; null when there is none.</summary>
    public static string? Value(string path, string key) => Read(path)?.Split('\n')
        .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal) && line[key.Length..].TrimStart().StartsWith(':'))?.Split(':', 2)[1].Trim();

    /// <summary>A line of /proc/meminfo in bytes; null when there is none.</summary>
    public static long? MemoryBytes(string key) =>
        Value("/proc/meminfo", key) is { } text && long.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes << 10 : null;

    /// <summary>A file of this process's control group, in version 2 or 1 of the hierarchy; null when there is none.</summary>
    /// <param name="controller">Of version 1, such as <c>memory</c>.</param>
    /// <param name="file">Its name in version 2.</param>
    /// <param name="oldFile">Its name in version 1.</param>
    public static string? ControlGroup(string controller, string file, string oldFile)
    {
        foreach (string line in (Read("/proc/self/cgroup") ?? "").Split('\n'))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            bool isNew = parts[1].Length == 0;
            if (!isNew && !parts[1].Split(',').Contains(controller))
                continue;
            string root = isNew ? "/sys/fs/cgroup" : $"/sys/fs/cgroup/{controller}";
            // Inside a container the group's own path may be mounted as the root.
            if ((Read($"{root}{parts[2]}/{(isNew ? file : oldFile)}") ?? Read($"{root}/{(isNew ? file : oldFile)}")) is { } text)
                return text;
        }
        return null;
    }

    /// <summary>The first number of a text; null when there is none, as in <c>max</c>.</summary>
    public static long? Number(string? text) => long.TryParse(text?.Split(' ', '\n')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
