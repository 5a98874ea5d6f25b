using System.Globalization;
using ChurnEngine.Registry;

namespace ChurnEngine.Pipeline;

/// <summary>A run in a list.</summary>
/// <param name="Run">Name of its folder.</param>
/// <param name="Id">Its id.</param>
/// <param name="StartedAt">ISO 8601 UTC.</param>
/// <param name="Status">finished or failed.</param>
/// <param name="ModelVersion">Version of the model; null when there is none.</param>
/// <param name="Algorithm">What trained.</param>
/// <param name="Metrics">Metrics by name.</param>
public sealed record RunRow(string Run, string Id, string StartedAt, string Status, string? ModelVersion, string Algorithm, IReadOnlyDictionary<string, double> Metrics);

/// <summary>A file that a run read or made.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Of the content.</param>
public sealed record RunFileRow(string Name, string Path, long Bytes, string Sha256);

/// <summary>One run in full.</summary>
/// <param name="Row">As in the list.</param>
/// <param name="Design">How the metrics were measured.</param>
/// <param name="Error">Why it ended; null when it ended well.</param>
/// <param name="Options">Options of the trainer.</param>
/// <param name="Seconds">Seconds of each stage.</param>
/// <param name="Inputs">Files of data.</param>
/// <param name="Artifacts">Files that it made.</param>
/// <param name="Environment">Where it ran, by name.</param>
/// <param name="History">Metrics of each iteration.</param>
public sealed record RunDetail(RunRow Row, string Design, string? Error, IReadOnlyDictionary<string, string> Options, IReadOnlyDictionary<string, double> Seconds, IReadOnlyList<RunFileRow> Inputs,
    IReadOnlyList<RunFileRow> Artifacts, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, IReadOnlyList<double>> History);

/// <summary>Reads the records of trainings.</summary>
/// <remarks>Errors: CE8115 when the folder has no runs, CE8116 for a run that is not there.</remarks>
public static class RunsStep
{
    /// <summary>Every run, the latest first.</summary>
    public static IReadOnlyList<RunRow> List(string folder) => [.. RunStore.List(folder).Reverse().Select(RowOf)];

    /// <summary>One run.</summary>
    /// <param name="folder">Folder of the runs.</param>
    /// <param name="word">Name of its folder, first digits of its id, or "latest".</param>
    public static RunDetail Show(string folder, string word)
    {
        RunRecord run = RunStore.Find(folder, word);
        return new RunDetail(RowOf(run), run.Design, run.Error, run.Options, run.Seconds, Files(run.Inputs), Files(run.Artifacts), Environment(run), RunStore.History(folder, run));
    }

    /// <summary>In what runs differ: options, data, environment and metrics.</summary>
    public static DifferenceReport Compare(string folder, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        RunRecord[] runs = [.. words.Select(word => RunStore.Find(folder, word))];
        (string Area, Func<RunRecord, IReadOnlyDictionary<string, string>> Of)[] areas =
        [
            ("options", run => run.Options),
            ("data", run => run.Inputs.GroupBy(file => file.Path).ToDictionary(file => file.Key, file => file.First().Sha256[..12])),
            ("environment", Environment),
            ("metrics", run => run.Metrics.ToDictionary(metric => metric.Key, metric => metric.Value.ToString("0.######", CultureInfo.InvariantCulture))),
        ];
        return new DifferenceReport([.. runs.Select(run => run.FolderName)],
        [
            .. from area in areas
               let values = runs.Select(area.Of).ToArray()
               from name in values.SelectMany(of => of.Keys).Distinct().Order(StringComparer.Ordinal)
               let each = values.Select(of => of.GetValueOrDefault(name, "")).ToArray()
               where each.Distinct().Count() > 1
               select new DifferenceRow(area.Area, name, each),
        ]);
    }

    private static RunRow RowOf(RunRecord run) => new(run.FolderName, run.Id, run.StartedAt, run.Error is null ? "finished" : "failed", run.ModelVersion, run.Options.GetValueOrDefault("Algorithm", ""), run.Metrics);

    private static RunFileRow[] Files(IReadOnlyList<RunFile> files) => [.. files.Select(file => new RunFileRow(file.Name, file.Path, file.Bytes, file.Sha256))];

    private static Dictionary<string, string> Environment(RunRecord run)
    {
        RunEnvironment e = run.Environment;
        return new()
        {
            ["machine"] = e.Machine,
            ["processor"] = e.Processor,
            ["cores"] = e.Cores.ToString(CultureInfo.InvariantCulture),
            ["threads"] = e.Threads.ToString(CultureInfo.InvariantCulture),
            ["system"] = e.System,
            ["runtime"] = e.Runtime,
            ["engine"] = e.Engine,
            ["git_commit"] = run.GitCommit ?? "",
        };
    }
}
