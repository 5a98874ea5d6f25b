using System.Diagnostics;

namespace ChurnEngine.Bench.Peers;

/// <summary>A package that a peer comes in.</summary>
/// <param name="Name">As apt-get knows it.</param>
/// <param name="Module">Python module that proves it is there.</param>
internal sealed record DebianPackage(string Name, string Module)
{
    // Another installation holds apt's lock for minutes.
    private const string Patience = "DPkg::Lock::Timeout=600";

    /// <summary>Installs what is missing, where that is possible.</summary>
    /// <returns>Null when all is there, else what the user has to do.</returns>
    public static string? Install(IReadOnlyList<DebianPackage> packages, Action<string> say)
    {
        DebianPackage[] missing = [.. packages.Where(package => !package.IsThere())];
        if (missing.Length == 0)
            return null;
        string names = string.Join(' ', missing.Select(package => package.Name));
        if (Environment.UserName == "root" && File.Exists("/usr/bin/apt-get"))
        {
            say($"installing {names} with apt-get");
            Run("/usr/bin/apt-get", "update", "-qq", "-o", Patience);
            Run("/usr/bin/apt-get", ["install", "-y", "-qq", "-o", Patience, "--no-install-recommends", .. missing.Select(package => package.Name)]);
        }
        missing = [.. missing.Where(package => !package.IsThere())];
        return missing.Length == 0
            ? null
            : $"{string.Join(", ", missing.Select(package => package.Name))} missing for /usr/bin/python3; run: apt-get install {string.Join(' ', missing.Select(package => package.Name))}";
    }

    private bool IsThere() => File.Exists("/usr/bin/python3") && Run("/usr/bin/python3", "-c", $"import {Module}") == 0;

    private static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Task.WaitAll(output, errors);
        return process.ExitCode;
    }
}
