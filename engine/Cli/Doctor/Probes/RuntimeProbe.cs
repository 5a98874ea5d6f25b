using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChurnEngine.Cli.Doctor;

/// <summary>The .NET runtime that runs this, the SDK, and switches in the environment that change how it runs.</summary>
internal sealed class RuntimeProbe : IProbe
{
    public string Topic => "runtime";

    public Need Serves => Need.Machine;

    public IEnumerable<Finding> Look()
    {
        bool published = typeof(RuntimeProbe).Assembly.Location.Length == 0;
        string form = !RuntimeFeature.IsDynamicCodeSupported ? "compiled ahead of time" : published ? "in a single file" : $"in {RuntimeEnvironment.GetRuntimeDirectory()}";
        yield return new Finding("runtime.dotnet", ".NET runtime", Environment.Version.Major >= 10 ? Standing.Good : Standing.Missing, $"{RuntimeInformation.FrameworkDescription}, {form}")
        {
            Needs = Need.Machine,
            Hint = Environment.Version.Major >= 10 ? "" : "install the .NET 10 runtime, or take a self-contained build",
        };
        yield return Sdk();
        string[] switches = [.. Switches().Order(StringComparer.Ordinal)];
        yield return new Finding("runtime.switches", "runtime switches", Standing.Note, switches.Length == 0 ? "none set" : string.Join(", ", switches));
    }

    // Looked for, not asked: `dotnet` itself would need a second to answer.
    private static Finding Sdk()
    {
        string? command = ProgramRun.Find("dotnet");
        string? real = command is null ? null : Path.GetDirectoryName(File.ResolveLinkTarget(command, returnFinalTarget: true)?.FullName ?? command);
        string[] roots =
        [
            .. new[] { Environment.GetEnvironmentVariable("DOTNET_ROOT"), real, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) }
                .Where(root => !string.IsNullOrEmpty(root) && Directory.Exists(Path.Combine(root, "sdk"))).Select(root => Path.TrimEndingDirectorySeparator(root!)).Distinct(),
        ];
        string[] found = [.. roots.Select(root => $"{string.Join(", ", Directory.GetDirectories(Path.Combine(root, "sdk")).Select(Path.GetFileName).Order(StringComparer.Ordinal))} in {root}")];
        string text = found.Length == 0 ? "not found" : string.Join("; ", found) + (command is null ? "; `dotnet` is not in PATH" : "");
        return new Finding("runtime.sdk", ".NET SDK", Standing.Note, text) { Hint = found.Length == 0 ? "only needed to build; a published engine runs without" : "" };
    }

    private static IEnumerable<string> Switches()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            bool isSwitch = name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("COMPlus_", StringComparison.OrdinalIgnoreCase);
            // These belong to the SDK's own commands and to where things are, not to how code runs.
            if (isSwitch && !s_harmless.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)))
                yield return $"{name}={variable.Value}";
        }
    }

    private static readonly string[] s_harmless = ["CLI_", "NOLOGO", "ROOT", "HOST_PATH", "SKIP_FIRST", "GENERATE_ASPNET", "USE_POLLING", "ADD_GLOBAL", "RUNNING_IN", "BUNDLE_EXTRACT"];
}
