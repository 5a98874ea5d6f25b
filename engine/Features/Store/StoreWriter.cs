using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Fills a feature store, date by date; one process at a time.</summary>
/// <remarks>Killed at any instant it leaves every date that was there, whole, and at worst an empty folder and a hidden file that the next writer removes. Dispose it to let others write.</remarks>
public sealed class StoreWriter : IDisposable
{
    private const long Day = 86_400_000_000;
    private const int BlockRows = 65_536;
    private readonly FolderLock _lock;
    private readonly FeaturePlan _plan;
    private readonly CustomerData _data;
    private readonly OpenBatchSink _open;

    private StoreWriter(OfflineStore store, FolderLock held, FeaturePlan plan, (CustomerData Data, OpenBatchSink Open) with) =>
        (Store, _lock, _plan, _data, _open) = (store, held, plan, with.Data, with.Open);

    /// <summary>The store.</summary>
    public OfflineStore Store { get; }

    /// <summary>Opens a store for writing, and makes it when the folder is absent or empty.</summary>
    /// <param name="directory">The store's folder.</param>
    /// <param name="plan">The plan that fills it, always the same one.</param>
    /// <param name="data">Loaded for that plan; must stay alive as long as this.</param>
    /// <param name="open">Writes Parquet files.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3061 for a store of another plan, CE3062 for a folder with other files, CE3064 when it cannot be written;
    /// <see cref="ChurnTransientException"/> CE3063 while another process writes.</remarks>
    public static StoreWriter Open(string directory, FeaturePlan plan, CustomerData data, OpenBatchSink open)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(data);
        CheckFolder(directory, plan);
        string full = Path.GetFullPath(directory);
        try
        {
            FileChanges.CreateFolder(full);
            FolderLock held = FolderLock.TryTake(full) ?? throw StoreErrors.InUse(full);
            try
            {
                // Once more: somebody may have been quicker.
                CheckFolder(full, plan);
                if (OfflineStore.Find(full) is null)
                    AtomicFile.WriteText(Path.Combine(full, StoreManifest.FileName), StoreManifest.Of(plan, data.KeyType).ToJson());
                var store = OfflineStore.Open(full);
                if (store.Manifest.KeyType != data.KeyType)
                    throw StoreErrors.OtherKeys(full, store.Manifest.KeyType, data.KeyType);
                return new StoreWriter(store, held, plan, (data, open));
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotWrite(full, failure);
        }
    }

    /// <summary>Throws what <see cref="Open"/> would throw of a folder and a plan, before data is loaded; changes nothing.</summary>
    public static void CheckFolder(string directory, FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _ = StoreManifest.Of(plan, ColumnType.Int64);
        if (File.Exists(directory))
            throw StoreErrors.CannotWrite(directory, new IOException("it is a file"));
        if (OfflineStore.Find(directory) is { } store)
            store.Require(plan);
        else if (Directory.Exists(directory) && Stranger(directory) is { } stranger)
            throw StoreErrors.HoldsStranger(directory, stranger);
    }

    /// <summary>Throws what <see cref="Materialise"/> would throw of an instant, before anything is opened.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3067.</remarks>
    public static void CheckDate(long asOf, long endOfData)
    {
        if (asOf - endOfData > Day)
            throw StoreErrors.BeyondTheData(asOf, endOfData);
    }

    /// <summary>Computes everybody at risk as of an instant, as far as was known then, and stores it; a date that is there is replaced in one step.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    /// <param name="endOfData">Instant up to which the data is complete: what is stored stays, so an instant more than a day later is refused.</param>
    /// <param name="budget">Threads.</param>
    /// <param name="cancellation">Stops between partitions; nothing of the date is left then.</param>
    /// <returns>Customers stored; 0 when nobody is at risk, and then no date is stored.</returns>
    /// <remarks>The bytes depend on data, plan and instant alone. Memory: the matrix of one date where the plan has categories, else of as many partitions as there are threads.
    /// Errors: <see cref="ChurnConfigException"/> CE3067, CE3064; what the sink throws.</remarks>
    public long Materialise(long asOf, long endOfData, JobBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(budget);
        CheckDate(asOf, endOfData);
        string folder = Path.GetDirectoryName(Store.PathOf(asOf))!;
        try
        {
            return Write(asOf, budget, cancellation);
        }
        finally
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                FileChanges.Delete(folder);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private long Write(long asOf, JobBudget budget, CancellationToken cancellation)
    {
        Schema schema = Store.Manifest.Schema;
        IBatchSink? sink = null;
        long rows = 0;
        try
        {
            foreach (FeatureSnapshot part in Compute(asOf, budget, cancellation))
            {
                using (part)
                {
                    rows += part.Matrix.RowCount;
                    if (part.Matrix.RowCount > 0)
                        Append(sink ??= _open(Store.PathOf(asOf), schema), schema, part, cancellation);
                }
            }
            cancellation.ThrowIfCancellationRequested();
            sink?.Complete();
            return rows;
        }
        finally
        {
            sink?.Dispose();
        }
    }

    // Categories leave as text, so those of the very instant serve; they are known only when all partitions are there.
    private IEnumerable<FeatureSnapshot> Compute(long asOf, JobBudget budget, CancellationToken cancellation)
    {
        if (!_plan.IsFrozen)
        {
            yield return SelfFrozenFeatures.Compute(_plan, _data, asOf, budget, cancellation);
            yield break;
        }
        var featurizer = new Featurizer(_plan, _data);
        for (int first = 0; first < featurizer.PartitionCount; first += budget.Threads)
        {
            var wave = new FeatureSnapshot[Math.Min(budget.Threads, featurizer.PartitionCount - first)];
            int start = first;
            try
            {
                ParallelWork.For(wave.Length, budget.ParallelOptions(cancellation), i => wave[i] = featurizer.ComputePartition(asOf, Population.Scoring, start + i));
                foreach (FeatureSnapshot part in wave)
                    yield return part;
            }
            finally
            {
                // Those that a failure kept from being handed out; a second time does nothing.
                foreach (FeatureSnapshot? part in wave)
                    part?.Dispose();
            }
        }
    }

    private static void Append(IBatchSink sink, Schema schema, FeatureSnapshot snapshot, CancellationToken cancellation)
    {
        for (long start = 0; start < snapshot.Matrix.RowCount; start += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = (int)Math.Min(BlockRows, snapshot.Matrix.RowCount - start);
            FeatureMatrix block = snapshot.Matrix.View(start, rows);
            using var batch = new RecordBatch(schema, [snapshot.Keys.CopyRows((int)start, rows), .. Enumerable.Range(0, block.FeatureCount).Select(block.CopyFeature)], rows);
            sink.Write(batch);
        }
    }

    // A killed first run may have left its lock and a hidden manifest.
    private static string? Stranger(string directory) => Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry))
        .Where(name => name != FolderLock.FileName && !(name.StartsWith('.') && name.EndsWith(PendingFile.Suffix, StringComparison.Ordinal))).Min(StringComparer.Ordinal);
}
