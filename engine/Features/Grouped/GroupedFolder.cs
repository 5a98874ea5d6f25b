using System.Security.Cryptography;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>A folder that keeps the tables of a plan grouped by customer, so that the next job on the same files does not read, sort and group them again.</summary>
/// <remarks>
///     _grouped.json               what it holds, of which files; written last
///     IDENTITY-customers.block    partition starts and keys
///     IDENTITY-NNNNN.block        the rows of a block of customers, as they lie in memory
///     _hashes.json                hashes of the files that were read, so that a slice need not read them all to say which they were
/// Other files or another plan are another identity; what no longer fits is made anew and the old blocks go. A process killed at any instant leaves a whole
/// folder or one that is made again. Two jobs at once: the first keeps, the other goes on without.
/// </remarks>
public static class GroupedFolder
{
    /// <summary>Name of a file in which a job may keep the hashes of the files that it read.</summary>
    public const string HashesFile = "_hashes.json";

    private const string Extension = ".block";
    private const int Format = 2;

    /// <summary>Whether the folder, which need not exist, keeps all of what has that identity.</summary>
    public static bool Holds(string folder, string identity) =>
        GroupedManifest.TryRead(folder) is { } manifest && manifest.Identity == identity && manifest.Files.All(file => IsThere(folder, file));

    /// <summary>Opens what the folder keeps; it must hold something of that plan.</summary>
    /// <returns>The data, and what was noted when it was kept.</returns>
    /// <remarks>A block is read when it is first asked for. Errors, then too: <see cref="ChurnDataException"/> CE3080 when a file was changed or damaged.</remarks>
    public static (CustomerData Data, IReadOnlyList<string> Notes) Open(string folder, FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        GroupedManifest? manifest = GroupedManifest.TryRead(folder);
        if (manifest is null || manifest.PlanHash != plan.Hash)
            throw GroupedErrors.Damaged(folder, Path.Combine(folder, GroupedManifest.FileName), "another process replaced it");
        Tidy(folder, manifest);
        return (new CustomerData(plan, folder, manifest), manifest.Notes);
    }

    /// <summary>Keeps loaded data in the folder.</summary>
    /// <param name="folder">Is made when it is not there.</param>
    /// <param name="data">The data.</param>
    /// <param name="identity">Of <see cref="IdentityOf"/>, before the data was loaded.</param>
    /// <param name="notes">Given back by <see cref="Open"/>.</param>
    /// <param name="run">Threads; progress under step "keep grouped".</param>
    /// <returns>Bytes kept; 0 when another process is writing to the folder.</returns>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>: what was kept before is still there.</remarks>
    public static long Keep(string folder, CustomerData data, string identity, IReadOnlyList<string> notes, (JobBudget Budget, IProgress<StepProgress>? Progress, CancellationToken Cancellation) run)
    {
        ArgumentNullException.ThrowIfNull(data);
        FileChanges.CreateFolder(folder);
        using FolderLock? held = FolderLock.TryTake(folder);
        if (held is null)
            return 0;
        string prefix = identity[..12];
        var blocks = new GroupedFile[data.Order.BlockCount];
        int done = 0;
        ParallelWork.For(blocks.Length, run.Budget.ParallelOptions(run.Cancellation), block =>
        {
            blocks[block] = Write(folder, $"{prefix}-{block:D5}{Extension}", data.BlockAt(block).WriteTo);
            data.RestBlock(block);
            run.Progress?.Report(new StepProgress("keep grouped", Interlocked.Increment(ref done), blocks.Length));
        });
        GroupedFile customers = Write(folder, $"{prefix}-customers{Extension}", data.WriteCustomersTo);
        GroupedManifest manifest = data.Describe(identity, notes, customers, blocks);
        AtomicFile.WriteText(Path.Combine(folder, GroupedManifest.FileName), manifest.ToJson());
        DeleteStrays(folder, manifest);
        return manifest.Files.Sum(file => file.Bytes);
    }

    /// <summary>Refuses a folder that holds anything else, before long work.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3081.</remarks>
    public static void RefuseStrangers(string folder)
    {
        if (File.Exists(folder))
            throw GroupedErrors.HoldsStranger(folder, Path.GetFileName(folder));
        if (!Directory.Exists(folder))
            return;
        string? stranger = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!)
            .FirstOrDefault(name => name is not (GroupedManifest.FileName or HashesFile or FolderLock.FileName) && !name.EndsWith(Extension, StringComparison.Ordinal) && !name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal));
        if (stranger is not null)
            throw GroupedErrors.HoldsStranger(folder, stranger);
    }

    /// <summary>What decides whether kept data still fits: the plan, how many bad rows are borne, and path, length and time of change of every file that it reads.</summary>
    /// <returns>64 hexadecimal digits.</returns>
    public static string IdentityOf(FeaturePlan plan, IngestSession session)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(session);
        var text = new StringBuilder().AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"grouped {Format} {plan.Hash} {plan.ExtractAt} {session.Options.BadShareLimit:R}");
        foreach (PlanTable table in plan.Tables)
        {
            TableSource source = table.Source ?? throw FeaturesErrors.NoSource(table.Name);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{table.Name} {source.Format} {string.Join(' ', source.Columns.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"))}");
            foreach (string path in session.ListFiles(source))
            {
                var file = new FileInfo(path);
                text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
            }
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // A writer that was killed after its manifest leaves its lock and the blocks before. Where nobody may write, they stay.
    private static void Tidy(string folder, GroupedManifest manifest)
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(folder).Count(path => Path.GetFileName(path) != HashesFile) == manifest.Files.Count() + 1)
                return;
            using FolderLock? held = FolderLock.TryTake(folder);
            if (held is not null)
                DeleteStrays(folder, manifest);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void DeleteStrays(string folder, GroupedManifest manifest)
    {
        var kept = manifest.Files.Select(file => file.Name).ToHashSet();
        foreach (string path in Directory.GetFiles(folder))
        {
            string name = Path.GetFileName(path);
            if (name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal) || (name.EndsWith(Extension, StringComparison.Ordinal) && !kept.Contains(name)))
                FileChanges.Delete(path);
        }
    }

    private static bool IsThere(string folder, GroupedFile file)
    {
        var info = new FileInfo(Path.Combine(folder, file.Name));
        return info.Exists && info.Length == file.Bytes;
    }

    private static GroupedFile Write(string folder, string name, Action<BlockFileWriter> write)
    {
        using PendingFile file = PendingFile.Create(Path.Combine(folder, name));
        using var writer = new BlockFileWriter(file.Stream);
        write(writer);
        file.Publish();
        return new GroupedFile(name, writer.Length, writer.Hash());
    }
}
