using System.Security.Cryptography;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Scoring;

namespace ChurnEngine.Pipeline;

/// <summary>Hashes the files that a plan reads: what makes a rerun the same job.</summary>
internal static class InputHash
{
    // What was hashed once and has the same path, length and time of change: the folder of grouped tables believes the same.
    private sealed record KnownFile(string Path, long Bytes, long ChangedTicks, string Sha256);

    /// <summary>All files of all tables, in plan order and by name within a table; hashed in parallel. Beside grouped tables, files whose hash is kept there are not read.</summary>
    public static InputFile[] Of(FeaturePlan plan, IngestSession session, StepContext context)
    {
        string[] paths = [.. plan.Tables.SelectMany(table => session.ListFiles(table.Source ?? throw PipelineErrors.NoSource(table.Name)))];
        string? kept = context.Grouped is { } folder ? Path.Combine(folder, GroupedFolder.HashesFile) : null;
        Dictionary<string, KnownFile> known = kept is null ? [] : Read(kept);
        var changed = paths.Select(path => (Path: path, Info: new FileInfo(path))).Where(file => !IsKnown(known, file.Info)).ToArray();
        foreach (((_, FileInfo info), InputFile hashed) in changed.Zip(Of([.. changed.Select(file => file.Path)], context)))
            known[info.FullName] = new KnownFile(info.FullName, hashed.Bytes, info.LastWriteTimeUtc.Ticks, hashed.Sha256);
        if (kept is not null && changed.Length > 0)
        {
            GroupedFolder.RefuseStrangers(context.Grouped!);
            Keep(kept, paths.Select(path => known[Path.GetFullPath(path)]), context);
        }
        return [.. paths.Select(path => new InputFile(path, known[Path.GetFullPath(path)].Bytes, known[Path.GetFullPath(path)].Sha256))];
    }

    /// <summary>Some files, in that order; hashed in parallel.</summary>
    public static InputFile[] Of(IReadOnlyList<string> paths, StepContext context)
    {
        var files = new InputFile[paths.Count];
        int done = 0;
        Parallel.For(0, paths.Count, context.Budget.ParallelOptions(context.Cancellation), i =>
        {
            using FileStream stream = new(paths[i], FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            files[i] = new InputFile(paths[i], stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
            context.Progress?.Report(new StepProgress("hash inputs", Interlocked.Increment(ref done), paths.Count));
        });
        return files;
    }

    private static bool IsKnown(Dictionary<string, KnownFile> known, FileInfo file) =>
        known.TryGetValue(file.FullName, out KnownFile? there) && there.Bytes == file.Length && there.ChangedTicks == file.LastWriteTimeUtc.Ticks;

    private static Dictionary<string, KnownFile> Read(string path)
    {
        try
        {
            KnownFile[] files = File.Exists(path) ? JsonSerializer.Deserialize<KnownFile[]>(File.ReadAllText(path), ManifestJson.Options) ?? [] : [];
            return files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // The job does not need it: where nobody may write, the next job hashes again.
    private static void Keep(string path, IEnumerable<KnownFile> files, StepContext context)
    {
        try
        {
            AtomicFile.WriteText(path, ManifestJson.Write(files));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            context.Warn($"the hashes of the inputs could not be kept in '{path}': {failure.Message.TrimEnd('.')}");
        }
    }
}
