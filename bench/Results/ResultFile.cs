using System.Text.Json;

namespace ChurnEngine.Bench;

/// <summary>The one form of all results: a machine, and what runs on it measured. artifacts/bench holds one run a file, bench/results all of a machine.</summary>
internal sealed record ResultFile
{
    /// <summary>Version of this form.</summary>
    public int Format { get; init; } = 1;

    public required MachineInfo Machine { get; init; }

    public IReadOnlyList<SuiteRun> Runs { get; init; } = [];

    /// <summary>Writes a run to a file of its own and says where on standard error.</summary>
    /// <param name="run">What was measured.</param>
    /// <param name="path">File; null: artifacts/bench/SUITE.json.</param>
    public static void Save(SuiteRun run, string? path)
    {
        path ??= Path.Combine(SourceTree.ResultFolder, run.Suite + ".json");
        new ResultFile { Machine = MachineInfo.Read(), Runs = [run] }.Write(path);
        Console.Error.WriteLine($"results: {path}");
    }

    public static ResultFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BenchException($"'{path}' cannot be read as results: {problem.Message}", "name a file that a bench command wrote");
        }
    }

    public static ResultFile Parse(string json) => JsonSerializer.Deserialize<ResultFile>(json, BenchJson.Indented) ?? throw new JsonException("the file is empty");

    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Indented) + "\n";

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, ToJson());
    }

    /// <summary>These results with those of a run put in: an entry measured anew takes the place of the old one, the others keep their run and its commit.</summary>
    public ResultFile With(SuiteRun run)
    {
        HashSet<string> renewed = [.. run.Entries.Select(entry => entry.Key())];
        IEnumerable<SuiteRun> kept = Runs.Select(old => old.Suite == run.Suite ? old with { Entries = [.. old.Entries.Where(entry => !renewed.Contains(entry.Key()))] } : old);
        return this with { Runs = [.. kept.Where(old => old.Entries.Count > 0).Append(run).OrderBy(one => one.Suite, StringComparer.Ordinal).ThenBy(one => one.Date, StringComparer.Ordinal)] };
    }
}
