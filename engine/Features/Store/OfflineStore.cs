using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>A folder of features, one Parquet file for each as-of date, all of one plan.</summary>
/// <remarks>
/// <code>
/// _store.json                         plan hash, key, features: written first
/// as_of=2024-07-01/features.parquet   key and features of everybody at risk then; renamed into place when whole, so a date is there or is not
/// as_of=2024-07-01T06%3A00%3A00Z/     an instant within a day
/// .lock                               held while a process writes here
/// </code>
/// Readers need no lock: what is there is whole, and a date that is computed anew is replaced in one step. Other tools read it as a table partitioned by `as_of`.</remarks>
public sealed class OfflineStore
{
    internal const string FileName = "features.parquet";
    private const string FolderPrefix = "as_of=";

    private OfflineStore(string directory, StoreManifest manifest) => (Folder, Manifest) = (directory, manifest);

    /// <summary>Absolute path.</summary>
    public string Folder { get; }

    /// <summary>Plan and columns.</summary>
    public StoreManifest Manifest { get; }

    /// <summary>The store in a folder; null when the folder is absent, or holds none yet.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3065 when its manifest is damaged.</remarks>
    public static OfflineStore? Find(string directory)
    {
        string full = Path.GetFullPath(directory);
        return StoreManifest.TryRead(full) is { } manifest ? new OfflineStore(full, manifest) : null;
    }

    /// <summary>The store in a folder.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3060 when there is none, CE3065 when its manifest is damaged.</remarks>
    public static OfflineStore Open(string directory) => Find(directory) ?? throw StoreErrors.NoStore(directory);

    /// <summary>Refuses a plan that did not fill this store.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3061.</remarks>
    public void Require(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Hash != Manifest.PlanHash)
            throw StoreErrors.OtherPlan(Folder, Manifest.PlanHash, plan.Hash);
    }

    /// <summary>The dates that are there, ascending, microseconds since 1970 UTC.</summary>
    public IReadOnlyList<long> Dates()
    {
        var dates = new List<long>();
        foreach (string folder in Directory.EnumerateDirectories(Folder, FolderPrefix + "*"))
        {
            if (InstantText.TryParse(Uri.UnescapeDataString(Path.GetFileName(folder)[FolderPrefix.Length..]), out long asOf) && Has(asOf))
                dates.Add(asOf);
        }
        dates.Sort();
        return dates;
    }

    /// <summary>Whether a date is there.</summary>
    public bool Has(long asOf) => File.Exists(PathOf(asOf));

    /// <summary>The file of a date, whether it is there or not.</summary>
    public string PathOf(long asOf) => Path.Combine(Folder, FolderNameOf(asOf), FileName);

    /// <summary>A date that is there: the one asked for, or the latest.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3070 when it is not there.</remarks>
    public long Require(long? asOf)
    {
        IReadOnlyList<long> dates = Dates();
        if (asOf is { } date)
            return Has(date) ? date : throw StoreErrors.NoSuchDate(Folder, [date], dates);
        return dates.Count > 0 ? dates[^1] : throw StoreErrors.NoSuchDate(Folder, [], dates);
    }

    /// <summary>Streams the rows of a date: key, then all features, missing ones null. The caller disposes each batch.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3070 when the date is not there; what reading a damaged file throws.</remarks>
    /// <param name="asOf">The date.</param>
    /// <param name="session">Reads.</param>
    /// <param name="cancellation">Interrupts the query.</param>
    /// <param name="rows">Which rows; null for all.</param>
    public IEnumerable<RecordBatch> Read(long asOf, IngestSession session, CancellationToken cancellation, RowRange? rows = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        Require(asOf);
        var contract = new TableContract
        {
            Columns = [.. Manifest.Schema.Fields.Select((field, i) => new ColumnContract(field.Name, field.Type, NotNull: i == 0))],
            UniqueKey = [],
        };
        return session.Read(new TableSource { Name = $"features as of {InstantText.Format(asOf)}", Path = PathOf(asOf), Format = FileFormat.Parquet, Rows = rows }, contract, cancellation);
    }

    // A colon has a meaning in some file systems; %3A is how other tools write it, and Ingest reads it.
    internal static string FolderNameOf(long asOf) => FolderPrefix + InstantText.Format(asOf).Replace(":", "%3A", StringComparison.Ordinal);
}
