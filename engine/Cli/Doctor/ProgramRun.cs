using System.ComponentModel;
using System.Diagnostics;

namespace ChurnEngine.Cli.Doctor;

/// <summary>What another program said about itself.</summary>
/// <param name="Path">Where it is; null: it is not there.</param>
/// <param name="Text">Its standard output, trimmed; null when it failed.</param>
/// <param name="Fault">Why there is no text; null when there is.</param>
internal sealed record ProgramAnswer(string? Path, string? Text, string? Fault)
{
    /// <summary>First line of the text, or the fault.</summary>
    public string Line => Text?.Split('\n')[0].Trim() ?? Fault ?? "not found";
}

/// <summary>Asks other programs for their version, never for longer than a few seconds: a driver that hangs must not hang the doctor.</summary>
internal static class ProgramRun
{
    private const int MostCharacters = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Where a program is: itself when the name is a path, else its first place in PATH; null when it is nowhere.</summary>
    public static string? Find(string program)
    {
        if (Path.IsPathRooted(program))
            return IsExecutable(program) ? program : null;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsExecutable);
    }

    /// <summary>Runs a program with standard input closed and returns what it says.</summary>
    public static ProgramAnswer Ask(string program, params string[] arguments)
    {
        if (Find(program) is not { } path)
            return new ProgramAnswer(null, null, null);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            return Listen(process, path);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or InvalidOperationException)
        {
            return new ProgramAnswer(path, null, $"cannot be started: {failure.Message}");
        }
    }

    private static ProgramAnswer Listen(Process process, string path)
    {
        process.StandardInput.Close();
        process.BeginErrorReadLine();
        // No more than a page is wanted; a program that says more than the pipe holds is ended with the slow ones.
        char[] text = new char[MostCharacters];
        Task<int> read = process.StandardOutput.ReadBlockAsync(text, 0, text.Length);
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            return new ProgramAnswer(path, null, $"did not answer within {s_patience.TotalSeconds:F0} s, and was ended");
        }
        // A child that it left behind may hold the pipe open.
        string said = read.Wait(s_patience) ? new string(text, 0, read.Result).Trim() : "";
        return process.ExitCode != 0 ? new ProgramAnswer(path, null, $"ended with exit code {process.ExitCode}{(said.Length > 0 ? $": {said.Split('\n')[0]}" : "")}")
            : said.Length == 0 ? new ProgramAnswer(path, null, "said nothing")
            : new ProgramAnswer(path, said, null);
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
    }
}
