using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>The runs of a project, a folder each, as plain files that any tool reads.</summary>
/// <remarks>
/// <code>
/// runs/20240701T060000Z-1a2b3c4d/run.json       options, data with their hashes, metrics, environment, commit, artifacts (<see cref="RunRecord"/>)
///                                metrics.jsonl  a line for each iteration: {"step":1,"train.loss":0.6,"stop.loss":0.7}
/// runs/.20240701T060000Z-1a2b3c4d.partial/      one that is being written
/// </code></remarks>
public static class RunStore
{
    /// <summary>Name of the file with the record.</summary>
    public const string RecordName = "run.json";

    /// <summary>Name of the file with the metrics of each iteration.</summary>
    public const string MetricsName = "metrics.jsonl";

    private const int LeastDigits = 4;

    /// <summary>Writes a run, which appears whole or not at all.</summary>
    /// <param name="folder">Folder of all runs; made when absent.</param>
    /// <param name="run">The run.</param>
    /// <param name="history">Metrics by name, one value an iteration from the first on; NaN is left out.</param>
    /// <returns>Its folder.</returns>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8103 when it cannot be written.</remarks>
    public static string Write(string folder, RunRecord run, IReadOnlyDictionary<string, IReadOnlyList<double>> history)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(history);
        string root = Path.GetFullPath(folder), target = Path.Combine(root, run.FolderName);
        PendingFolder.Write(root, target, work =>
        {
            AtomicFile.WriteText(Path.Combine(work, MetricsName), Lines(history));
            AtomicFile.WriteText(Path.Combine(work, RecordName), ManifestJson.Write(run));
        });
        return target;
    }

    /// <summary>Every run of a folder, the earliest first; one whose record cannot be read is left out.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8115 when there is none.</remarks>
    public static IReadOnlyList<RunRecord> List(string folder)
    {
        RunRecord[] runs = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Select(TryRead).OfType<RunRecord>().OrderBy(run => run.StartedAt, StringComparer.Ordinal)]
            : [];
        return runs.Length > 0 ? runs : throw RegistryErrors.NoRuns(folder);
    }

    /// <summary>The run that a word names: its folder's name, or the first digits of its id; "latest" is the last one.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8115, CE8116.</remarks>
    public static RunRecord Find(string folder, string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        IReadOnlyList<RunRecord> runs = List(folder);
        if (word == "latest")
            return runs[^1];
        RunRecord[] found = [.. runs.Where(run => run.FolderName == word || (word.Length >= LeastDigits && run.Id.StartsWith(word, StringComparison.Ordinal)))];
        return found.Length == 1 ? found[0] : throw RegistryErrors.NoSuchRun(folder, word, runs.Select(run => run.Id[..8]));
    }

    /// <summary>Metrics by name, one value an iteration; NaN where a line does not say it.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double>> History(string folder, RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string path = Path.Combine(folder, run.FolderName, MetricsName);
        var history = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        int steps = 0;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            using JsonDocument read = JsonDocument.Parse(line);
            foreach (JsonProperty metric in read.RootElement.EnumerateObject().Where(property => property.Name != "step"))
            {
                if (!history.TryGetValue(metric.Name, out List<double>? values))
                    history.Add(metric.Name, values = []);
                values.AddRange(Enumerable.Repeat(double.NaN, steps - values.Count));
                values.Add(metric.Value.GetDouble());
            }
            steps++;
        }
        return history.ToDictionary(metric => metric.Key, metric => (IReadOnlyList<double>)metric.Value);
    }

    private static RunRecord? TryRead(string path)
    {
        try
        {
            string file = Path.Combine(path, RecordName);
            RunRecord? run = File.Exists(file) ? JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(file), ManifestJson.Options) : null;
            return run is { Id.Length: >= 8, StartedAt.Length: >= 19 } ? run : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Lines(IReadOnlyDictionary<string, IReadOnlyList<double>> history)
    {
        var text = new StringBuilder();
        int steps = history.Count == 0 ? 0 : history.Values.Max(values => values.Count);
        for (int step = 0; step < steps; step++)
        {
            var line = new Dictionary<string, object> { ["step"] = step + 1 };
            foreach ((string name, IReadOnlyList<double> values) in history.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            {
                if (step < values.Count && double.IsFinite(values[step]))
                    line.Add(name, values[step]);
            }
            text.Append(JsonSerializer.Serialize(line, LogEntry.Json)).Append('\n');
        }
        return text.ToString();
    }
}
