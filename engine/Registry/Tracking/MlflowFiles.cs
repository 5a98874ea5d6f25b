using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>Writes runs and versions in the layout of MLflow's file store, so that its user interface and its clients show them.</summary>
/// <remarks>
/// <code>
/// mlruns/&lt;experiment&gt;/meta.yaml
///                     &lt;run&gt;/meta.yaml          status 3: finished, 4: failed
///                           params/&lt;name&gt;      the value as text, no newline at its end; tags/ the same
///                           metrics/&lt;name&gt;     lines of "milliseconds value step"
///                           artifacts/         copies of the model and its card
/// mlruns/models/&lt;model&gt;/meta.yaml
///                       version-&lt;n&gt;/meta.yaml  n counts versions in the order of their registration
///                       aliases/&lt;alias&gt;        the number
/// </code>
/// Newer MLflow refuses such a folder unless MLFLOW_ALLOW_FILE_STORE=true is set; `mlflow migrate-filestore` turns it into a database.
/// Source: mlflow/store/tracking/file_store.py and mlflow/store/model_registry/file_store.py.</remarks>
public static class MlflowFiles
{
    private const int Finished = 3, Failed = 4;
    // MLflow refuses longer ones.
    private const int LongestParam = 6000;
    private const string ModelsFolder = "models", Meta = "meta.yaml";

    /// <summary>Writes a run; its folder appears whole or not at all.</summary>
    /// <param name="folder">The file store, made when absent; usually called mlruns.</param>
    /// <param name="run">The run.</param>
    /// <param name="history">Metrics by name, one value an iteration; NaN is left out.</param>
    /// <returns>The run's folder.</returns>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8103 when it cannot be written.</remarks>
    public static string WriteRun(string folder, RunRecord run, IReadOnlyDictionary<string, IReadOnlyList<double>> history)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(history);
        string root = Path.GetFullPath(folder), experiment = ExperimentId(run.Experiment), target = Path.Combine(root, experiment, run.Id);
        PendingFolder.Write(root, target, work =>
        {
            WriteExperiment(root, experiment, run);
            WriteEntries(work, run);
            WriteMetrics(Path.Combine(work, "metrics"), run, history);
            FileChanges.CreateFolder(Path.Combine(work, "artifacts"));
            foreach (RunFile artifact in run.Artifacts)
                Copy(artifact.Path, Path.Combine(work, "artifacts", Path.GetFileName(artifact.Path)));
            AtomicFile.WriteText(Path.Combine(work, Meta), RunMeta(root, experiment, run));
        });
        return target;
    }

    /// <summary>Writes the versions and aliases of a registry, those of each model's name under it; what is there already is replaced by the same.</summary>
    /// <param name="folder">The file store.</param>
    /// <param name="state">The registry.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE8103 when it cannot be written.</remarks>
    public static void WriteRegistry(string folder, RegistryState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        string models = Path.Combine(Path.GetFullPath(folder), ModelsFolder);
        try
        {
            LogEntry[] registered = [.. state.Log.Entries.Where(entry => entry.Action == LogAction.Registered)];
            var versions = registered.Select(entry => (Entry: entry, Record: VersionStore.Record(state.Folder, entry.Version!))).Where(version => version.Record is not null).ToArray();
            foreach (var model in versions.GroupBy(version => version.Record!.Name))
            {
                (LogEntry Entry, VersionRecord? Record)[] own = [.. model];
                string name = SafeName(model.Key), place = Path.Combine(models, name);
                Replace(Path.Combine(place, Meta), Yaml(("creation_timestamp", Milliseconds(own[0].Entry.Time)), ("description", null), ("last_updated_timestamp", Milliseconds(state.Log.Entries[^1].Time)), ("name", name)));
                for (int i = 0; i < own.Length; i++)
                    Replace(Path.Combine(place, $"version-{i + 1}", Meta), VersionMeta(state, name, i + 1, own[i].Entry, own[i].Record!));
                foreach (string alias in AliasName.All)
                {
                    string file = Path.Combine(place, "aliases", alias);
                    int number = Array.FindIndex(own, version => version.Record!.Version == state.VersionOf(alias)) + 1;
                    if (number > 0)
                        Replace(file, Number(number));
                    else
                        FileChanges.Delete(file);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CannotWrite(models, failure);
        }
    }

    /// <summary>Id of an experiment: 18 digits that follow from its name, as MLflow's own ids are made of digits.</summary>
    public static string ExperimentId(string name) =>
        (BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % 900_000_000_000_000_000 + 100_000_000_000_000_000).ToString(CultureInfo.InvariantCulture);

    private static void WriteExperiment(string root, string id, RunRecord run)
    {
        string meta = Path.Combine(root, id, Meta);
        if (!File.Exists(meta))
        {
            AtomicFile.WriteText(meta, Yaml(("artifact_location", FileUri(Path.Combine(root, id))), ("creation_time", Milliseconds(run.StartedAt)), ("experiment_id", id),
                ("last_update_time", Milliseconds(run.StartedAt)), ("lifecycle_stage", "active"), ("name", run.Experiment)));
        }
    }

    private static void WriteEntries(string work, RunRecord run)
    {
        foreach ((string name, string value) in run.Options)
            Put(Path.Combine(work, "params", SafeName(name)), value.Length > LongestParam ? value[..LongestParam] : value);
        List<(string Name, string? Value)> tags =
        [
            ("mlflow.runName", run.FolderName), ("mlflow.user", Environment.UserName), ("mlflow.source.type", "LOCAL"), ("mlflow.source.name", "churn train"), ("mlflow.source.git.commit", run.GitCommit),
            ("churn.model_version", run.ModelVersion), ("churn.design", run.Design), ("churn.error", run.Error), ("churn.engine", run.Environment.Engine), ("churn.processor", run.Environment.Processor),
            ("churn.cores", Number(run.Environment.Cores)), ("churn.threads", Number(run.Environment.Threads)), ("churn.runtime", run.Environment.Runtime),
            .. run.Inputs.Select((file, i) => ($"churn.input.{i}", (string?)$"{file.Path} sha256:{file.Sha256}")),
            .. run.Artifacts.Select(file => ($"churn.artifact.{SafeName(file.Name)}", (string?)$"{file.Path} sha256:{file.Sha256}")),
        ];
        foreach ((string name, string? value) in tags.Where(tag => tag.Value is { Length: > 0 }))
            Put(Path.Combine(work, "tags", name), value!);
    }

    private static void WriteMetrics(string folder, RunRecord run, IReadOnlyDictionary<string, IReadOnlyList<double>> history)
    {
        FileChanges.CreateFolder(folder);
        object time = Milliseconds(run.EndedAt)!;
        foreach ((string name, double value) in run.Metrics.Where(metric => double.IsFinite(metric.Value)))
            Put(Path.Combine(folder, SafeName(name)), string.Create(CultureInfo.InvariantCulture, $"{time} {value:R} 0\n"));
        foreach ((string name, IReadOnlyList<double> values) in history)
        {
            var lines = new StringBuilder();
            for (int step = 0; step < values.Count; step++)
            {
                if (double.IsFinite(values[step]))
                    lines.Append(CultureInfo.InvariantCulture, $"{time} {values[step]:R} {step + 1}\n");
            }
            // MLflow calls a file without lines malformed.
            if (lines.Length > 0)
                Put(Path.Combine(folder, SafeName(name)), lines.ToString());
        }
    }

    private static string RunMeta(string root, string experiment, RunRecord run) => Yaml(
        ("artifact_uri", FileUri(Path.Combine(root, experiment, run.Id, "artifacts"))), ("end_time", Milliseconds(run.EndedAt)), ("entry_point_name", ""), ("experiment_id", experiment),
        ("lifecycle_stage", "active"), ("run_id", run.Id), ("run_name", run.FolderName), ("run_uuid", run.Id), ("source_name", ""), ("source_type", 4), ("source_version", ""),
        ("start_time", Milliseconds(run.StartedAt)), ("status", run.Error is null ? Finished : Failed), ("tags", Array.Empty<string>()), ("user_id", Environment.UserName));

    private static string VersionMeta(RegistryState state, string name, int number, LogEntry entry, VersionRecord record) => Yaml(
        ("aliases", Array.Empty<string>()), ("creation_timestamp", Milliseconds(entry.Time)), ("current_stage", "None"), ("description", record.Version), ("last_updated_timestamp", Milliseconds(entry.Time)),
        ("name", name), ("run_id", record.Run), ("run_link", null), ("source", FileUri(VersionStore.FolderOf(state.Folder, record.Version))), ("status", "READY"), ("status_message", null),
        ("storage_location", FileUri(VersionStore.FolderOf(state.Folder, record.Version))), ("user_id", null), ("version", number));

    // Texts are always quoted: an id of digits would be read as a number.
    private static string Yaml(params (string Key, object? Value)[] entries) => string.Concat(entries.Select(entry => $"{entry.Key}: {entry.Value switch
    {
        null => "null",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        string[] => "[]",
        var number => Convert.ToString(number, CultureInfo.InvariantCulture),
    }}\n"));

    private static object? Milliseconds(string time) => InstantText.TryParse(time, out long micros) ? micros / 1000 : null;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string FileUri(string path) => new Uri(path).AbsoluteUri;

    // What MLflow allows in a name, and a slash not at all: it would be a folder.
    private static string SafeName(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or ' ' ? letter : '_'));

    // Some sixty small files in a folder that nobody sees yet: each one flushed and renamed would take longer than a small training.
    private static void Put(string path, string text)
    {
        FileChanges.CreateFolder(Path.GetDirectoryName(path)!);
        using FileStream stream = FileChanges.Create(path);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Replace(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            AtomicFile.WriteText(path, text);
    }

    private static void Copy(string from, string to) => AtomicFile.Write(to, stream =>
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        source.CopyTo(stream);
    });
}
