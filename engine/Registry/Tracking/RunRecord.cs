using System.Text.Json.Serialization;

namespace ChurnEngine.Registry;

/// <summary>A file that a run read or made.</summary>
/// <param name="Name">What it is: a table, "model", "model card".</param>
/// <param name="Path">Absolute.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Of the content, hexadecimal.</param>
public sealed record RunFile(string Name, string Path, long Bytes, string Sha256);

/// <summary>One training: what it was given, where it ran, and what came of it. `run.json` in its folder.</summary>
public sealed record RunRecord
{
    /// <summary>32 hexadecimal digits, the caller's choice.</summary>
    public required string Id { get; init; }

    /// <summary>What runs of one project have in common: the project's folder, or the table's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>When it began, ISO 8601 UTC.</summary>
    public required string StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required string EndedAt { get; init; }

    /// <summary>Null when it ended well; else the error, as the command line prints it.</summary>
    public string? Error { get; init; }

    /// <summary>Version of the model; null when there is none.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>How the metrics were measured, in words; empty when there are none.</summary>
    public string Design { get; init; } = "";

    /// <summary>Options of the trainer by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Seconds of each stage by name.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Files of data.</summary>
    public IReadOnlyList<RunFile> Inputs { get; init; } = [];

    /// <summary>Files that it made.</summary>
    public IReadOnlyList<RunFile> Artifacts { get; init; } = [];

    /// <summary>Where it ran.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Commit of the git repository that the project lies in; null without one. What was not committed is not in it.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Name of its folder: when it began, and the first digits of its id, so that names sort by time.</summary>
    [JsonIgnore]
    public string FolderName => $"{StartedAt[..19].Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal)}Z-{Id[..8]}";
}

/// <summary>Machine and programs that a run ran on.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Processor">Model of the processor; empty where the system does not say.</param>
/// <param name="Cores">Processors offered.</param>
/// <param name="Threads">Threads used at most.</param>
/// <param name="System">Operating system.</param>
/// <param name="Runtime">Of .NET.</param>
/// <param name="Engine">Version of the engine.</param>
public sealed record RunEnvironment(string Machine, string Processor, int Cores, int Threads, string System, string Runtime, string Engine)
{
    private const string ProcessorFile = "/proc/cpuinfo", ProcessorLine = "model name";

    /// <summary>This machine.</summary>
    /// <param name="threads">Threads used at most.</param>
    /// <param name="engine">Version of the engine.</param>
    public static RunEnvironment Here(int threads, string engine) => new(
        global::System.Environment.MachineName,
        NameOfProcessor(),
        global::System.Environment.ProcessorCount,
        threads,
        global::System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        global::System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        engine);

    private static string NameOfProcessor()
    {
        try
        {
            string? line = File.Exists(ProcessorFile) ? File.ReadLines(ProcessorFile).FirstOrDefault(text => text.StartsWith(ProcessorLine, StringComparison.Ordinal)) : null;
            return line is null ? "" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
