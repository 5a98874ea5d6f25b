using System.Diagnostics;
using System.Reflection;

namespace ChurnEngine.Bench;

/// <summary>The sources that this program was built from.</summary>
internal static class SourceTree
{
    /// <summary>Folder that holds ChurnEngine.sln.</summary>
    public static string Root { get; } = Path.GetFullPath(typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Where measured results go unless told otherwise.</summary>
    public static string ResultFolder { get; } = Path.Combine(Root, "artifacts", "bench");

    /// <summary>Short hash of the commit, or "unknown".</summary>
    public static string Commit { get; } = Git("rev-parse", "--short=9", "HEAD") is { Length: > 0 } hash ? hash : "unknown";

    /// <summary>True when tracked files differ from the commit.</summary>
    public static bool IsDirty { get; } = Git("status", "--porcelain", "--untracked-files=no") is { Length: > 0 };

    /// <summary>Output of a git command in the root, trimmed; null when it fails or git is absent.</summary>
    public static string? Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process git = Process.Start(start)!;
            Task<string> errors = git.StandardError.ReadToEndAsync();
            string output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            _ = errors.Result;
            return git.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
