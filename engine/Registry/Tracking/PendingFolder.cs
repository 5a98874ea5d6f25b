using System.Diagnostics;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>A folder that grows under a hidden name and takes its own when it is whole. Folders of one root are written one after the other, so that what a killed process left is told from what is being written.</summary>
internal static class PendingFolder
{
    private const string LockName = ".writing.lock";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes a folder.</summary>
    /// <param name="root">Made when absent; the hidden folder lies here.</param>
    /// <param name="target">On the same disk; must not be there.</param>
    /// <param name="fill">Puts files into the folder that it is given.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8103 when it cannot be written; <see cref="ChurnTransientException"/> CE8102 when another process writes there for half a minute.</remarks>
    public static void Write(string root, string target, Action<string> fill)
    {
        try
        {
            FileChanges.CreateFolder(root);
            using FolderLock held = Take(root) ?? throw RegistryErrors.InUse(root);
            foreach (string leftover in Directory.GetDirectories(root, $".*{PendingFile.Suffix}"))
                FileChanges.Delete(leftover);
            string work = Path.Combine(root, $".{Path.GetFileName(target)}{PendingFile.Suffix}");
            FileChanges.CreateFolder(work);
            fill(work);
            FileChanges.CreateFolder(Path.GetDirectoryName(target)!);
            FileChanges.Move(work, target);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CannotWrite(target, failure);
        }
    }

    private static FolderLock? Take(string root)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (FolderLock.TryTake(root, LockName) is { } held)
                return held;
            if (Stopwatch.GetElapsedTime(started) >= s_patience)
                return null;
            Thread.Sleep(20);
        }
    }
}
