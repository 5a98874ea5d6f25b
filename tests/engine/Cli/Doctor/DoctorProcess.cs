using System.Diagnostics;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>The command under another environment, or without some of its files.</summary>
internal static class DoctorProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs the command that was built with these tests.</summary>
    public static CommandRun Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(AppContext.BaseDirectory, environment, arguments);

    /// <summary>Runs the command that lies in <paramref name="programFolder"/>.</summary>
    public static CommandRun Run(string programFolder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(programFolder, "churn"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"`churn {string.Join(' ', arguments)}` did not end");
        }
        return new CommandRun(string.Join(' ', arguments), process.ExitCode, output.Result, error.Result);
    }

    /// <summary>A copy of the command that lacks one file.</summary>
    public static void CopyWithout(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string path in Directory.GetFiles(AppContext.BaseDirectory))
        {
            string name = Path.GetFileName(path);
            bool isOurs = name.EndsWith(".dll", StringComparison.Ordinal) || name.StartsWith("churn", StringComparison.Ordinal) || name.StartsWith("lib", StringComparison.Ordinal);
            if (!isOurs || name == file)
                continue;
            // The libraries are large, and the loader follows links; the host resolves its own, so that one is copied.
            if (name.StartsWith("lib", StringComparison.Ordinal))
                File.CreateSymbolicLink(Path.Combine(folder, name), path);
            else
                File.Copy(path, Path.Combine(folder, name));
        }
    }
}
