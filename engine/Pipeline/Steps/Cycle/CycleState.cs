using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>A file that a stage left.</summary>
/// <param name="Path">From the project's folder.</param>
/// <param name="Sha256">Of its content; null of a file that others may replace.</param>
internal sealed record CycleFile(string Path, string? Sha256);

/// <summary>A stage that is done.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Note">What came of it, in words.</param>
internal sealed record CycleRecord(string Stage, string Note)
{
    /// <summary>Hash of what it read beside the tables; empty for nothing.</summary>
    public string Inputs { get; init; } = "";

    /// <summary>Instant that was watched, ISO 8601; of monitoring.</summary>
    public string? WatchedAsOf { get; init; }

    /// <summary>Limits that were broken, one text each.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>What it left.</summary>
    public IReadOnlyList<CycleFile> Files { get; init; } = [];
}

/// <summary>How far a cycle is. Holds no time, so that a cycle that was killed and run again writes the same bytes.</summary>
internal sealed record CycleState
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "cycle.json";

    /// <summary>Hash over configuration, inputs, as-of, backend and engine: another key is another cycle.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of churn.yaml.</summary>
    public required string Config { get; init; }

    /// <summary>SHA-256 over names and hashes of the tables' files.</summary>
    public required string Inputs { get; init; }

    /// <summary>Instant asked for, ISO 8601; null: the end of the data.</summary>
    public string? AsOf { get; init; }

    /// <summary>Version that this cycle scores and watches with: production as it was when the cycle began, or the first one that it trained.</summary>
    public string? Model { get; init; }

    /// <summary>Version that was trained in this cycle and is about to be promoted, or was; null: none.</summary>
    public string? Challenger { get; init; }

    /// <summary>Stages that are done, in order.</summary>
    public IReadOnlyList<CycleRecord> Stages { get; init; } = [];

    /// <summary>The record of a stage; null when it is not done.</summary>
    public CycleRecord? Find(string stage) => Stages.FirstOrDefault(record => record.Stage == stage);

    /// <summary>The same without these stages.</summary>
    public CycleState Without(IEnumerable<string> stages) => this with { Stages = [.. Stages.Where(record => !stages.Contains(record.Stage))] };

    /// <summary>The same with a stage done.</summary>
    public CycleState With(CycleRecord done) => this with { Stages = [.. Without([done.Stage]).Stages.Append(done).OrderBy(record => CycleStages.IndexOf(record.Stage))] };

    /// <summary>The identity of a cycle, nothing done yet.</summary>
    /// <param name="project">Its file is hashed.</param>
    /// <param name="inputs">The tables' files.</param>
    /// <param name="asOf">Instant asked for; null: the end of the data.</param>
    /// <param name="with">Backend and version of the engine.</param>
    public static CycleState Begin(ProjectConfig project, IReadOnlyList<InputFile> inputs, long? asOf, (string Backend, string Engine) with)
    {
        string config = FileHash(project.File), files = TextHash(string.Join('\n', inputs.Select(file => $"{Path.GetFileName(file.Path)} {file.Sha256}")));
        string? instant = asOf is { } given ? InstantText.Format(given) : null;
        return new CycleState { Key = TextHash(string.Join('\n', config, files, instant ?? "", with.Backend, with.Engine)), Config = config, Inputs = files, AsOf = instant };
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    internal static string FileHash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>SHA-256 of a text, lower-case hexadecimal.</summary>
    internal static string TextHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The folder that keeps a cycle's state; one process at a time.</summary>
internal sealed class CycleFolder : IDisposable
{
    private readonly string _folder;
    private readonly FolderLock _lock;

    private CycleFolder(string folder, FolderLock held) => (_folder, _lock) = (folder, held);

    /// <summary>Opens the folder, made when absent.</summary>
    /// <remarks>Errors: CE1177 while another process has it, CE1200 when it cannot be written.</remarks>
    public static CycleFolder Open(string folder)
    {
        try
        {
            FileChanges.CreateFolder(folder);
            return new CycleFolder(folder, FolderLock.TryTake(folder) ?? throw CycleErrors.InUse(folder));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CycleErrors.CannotWrite(folder, cause);
        }
    }

    /// <summary>The state that a folder keeps; null when there is none, or none that can be read: then all is done again, and finished jobs find themselves finished.</summary>
    public static CycleState? Read(string folder)
    {
        string path = Path.Combine(folder, CycleState.FileName);
        try
        {
            CycleState? state = File.Exists(path) ? JsonSerializer.Deserialize<CycleState>(File.ReadAllText(path), ManifestJson.Options) : null;
            return state is { Stages: not null } ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a state.</summary>
    /// <remarks>Errors: CE1200.</remarks>
    public void Write(CycleState state)
    {
        try
        {
            AtomicFile.WriteText(Path.Combine(_folder, CycleState.FileName), ManifestJson.Write(state));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CycleErrors.CannotWrite(_folder, cause);
        }
    }

    public void Dispose() => _lock.Dispose();
}
