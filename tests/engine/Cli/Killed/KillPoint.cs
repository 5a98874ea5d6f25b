using System.Globalization;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>Runs a case in the real process with the hook in it.</summary>
internal sealed class KillPoint(KillCase kill, TemporaryDirectory temporary)
{
    public const int SigKill = 9;

    /// <summary>The folder as it is before the command; always the same one, since paths are part of some results.</summary>
    public string Prepare()
    {
        string folder = temporary["work"];
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        kill.Prepare(folder);
        return folder;
    }

    /// <summary>Runs undisturbed; every change of a file that the engine announced, in order.</summary>
    /// <param name="folder">As <see cref="Prepare"/> made it.</param>
    /// <param name="exitCodes">Those that are as they should be; none: done.</param>
    public string[] Record(string folder, params int[] exitCodes)
    {
        string log = temporary["steps.log"];
        CommandRun run = Run(folder, ("KILLHOOK_LOG", log));
        Assert.True(exitCodes.Length == 0 ? run.ExitCode == ExitCode.Done : exitCodes.Contains(run.ExitCode), run.ToString());
        string[] steps = File.Exists(log) ? File.ReadAllLines(log) : [];
        File.Delete(log);
        return steps;
    }

    /// <summary>Runs until just before a step, and signals there.</summary>
    public CommandRun Signal(string folder, int signal, int step) =>
        Run(folder, ("KILLHOOK_AT", step.ToString(CultureInfo.InvariantCulture)), ("KILLHOOK_SIGNAL", signal.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The spill folders of dead processes; the next process that spills removes them.</summary>
    public string[] Orphans() => Directory.GetDirectories(TemporaryFolder, "churn-spill-*");

    private string TemporaryFolder => Directory.CreateDirectory(temporary["tmp"]).FullName;

    private CommandRun Run(string folder, params (string Name, string Value)[] hook)
    {
        var variables = hook.ToDictionary(variable => variable.Name, variable => variable.Value);
        variables["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "ChurnEngine.KillHook.dll");
        variables["TMPDIR"] = TemporaryFolder;
        using ChurnProcess process = ChurnProcess.Start(folder, variables, kill.Line(folder));
        return process.WaitForEnd();
    }
}
