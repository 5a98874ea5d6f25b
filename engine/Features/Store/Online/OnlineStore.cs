using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The value of one feature of one customer.</summary>
/// <param name="Number">NaN where missing, and for a category.</param>
/// <param name="Text">Text of a category; null where missing, and for a number.</param>
public readonly record struct StoredValue(float Number, string? Text)
{
    /// <summary>True when the store has no value.</summary>
    public bool IsMissing => Text is null && float.IsNaN(Number);
}

/// <summary>Reads single customers out of an online store.</summary>
/// <remarks>Reads the file that bore the name when it was opened, for as long as it is open; <see cref="IsReplaced"/> tells when another one has taken the name.
/// Thread-safe: reads wait for one another, microseconds each. Dispose it once.</remarks>
public sealed class OnlineStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _find;
    private readonly string _path;
    private readonly (DateTime Written, long Length) _identity;

    private OnlineStore(string path, (DateTime Written, long Length) identity, SqliteDatabase database)
    {
        (_path, _identity, _database) = (path, identity, database);
        Header = ReadHeader();
        _find = database.Prepare($"SELECT {string.Join(", ", Header.Features.Select(feature => SqliteDatabase.Quote(feature.Name)))} FROM features WHERE {SqliteDatabase.Quote(Header.Entity)} = ?1");
    }

    /// <summary>Version of SQLite's native library.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3075 when it cannot be loaded.</remarks>
    public static string LibraryVersion => SqliteDatabase.LibraryVersion;

    /// <summary>What the store holds.</summary>
    public OnlineHeader Header { get; }

    /// <summary>True when the name leads to another file by now: open that to see newer features.</summary>
    public bool IsReplaced => !File.Exists(_path) || Identity(_path) != _identity;

    /// <summary>Opens a store.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3073 when the file is absent or no online store; <see cref="ChurnConfigException"/> CE3075 without SQLite's library.</remarks>
    public static OnlineStore Open(string path)
    {
        string full = Path.GetFullPath(path);
        if (PathKinds.Of(full) is not PathKind.File and var kind)
            throw StoreErrors.NoOnlineStore(path, kind == PathKind.Absent ? "it does not exist" : $"it is {kind.InWords()}");
        SqliteDatabase? database = null;
        try
        {
            (DateTime, long) identity = Identity(full);
            database = SqliteDatabase.OpenForReading(full);
            return new OnlineStore(full, identity, database);
        }
        catch (Exception failure) when (failure is SqliteException or UnauthorizedAccessException or FormatException or KeyNotFoundException)
        {
            database?.Dispose();
            throw StoreErrors.NoOnlineStore(path, failure is KeyNotFoundException ? "it lacks what one says of itself" : failure.Message.TrimEnd('.'));
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    /// <summary>The features of a customer, in plan order; null when the store does not have the customer.</summary>
    /// <param name="key">As text; where keys are whole numbers, a text that is none is nobody's key.</param>
    public StoredValue[]? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Header.KeyType == ColumnType.Int64)
            return long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? Find(number) : null;
        byte[] utf8 = Encoding.UTF8.GetBytes(key);
        lock (_lock)
        {
            _find.Bind(1, utf8);
            return ReadRow();
        }
    }

    /// <summary>The features of a customer whose key is a whole number; null when the store does not have the customer.</summary>
    public StoredValue[]? Find(long key)
    {
        if (Header.KeyType != ColumnType.Int64)
            return Find(key.ToString(CultureInfo.InvariantCulture));
        lock (_lock)
        {
            _find.Bind(1, key);
            return ReadRow();
        }
    }

    /// <summary>The features of a customer who must be there.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3074 when the store does not have the customer.</remarks>
    public StoredValue[] Require(string key) => Find(key) ?? throw StoreErrors.NoSuchCustomer(_path, key);

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _database.Dispose();
    }

    private StoredValue[]? ReadRow()
    {
        try
        {
            if (!_find.Step())
                return null;
            var values = new StoredValue[Header.Features.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = _find.IsNull(i) ? new StoredValue(float.NaN, null)
                    : Header.Features[i].Kind == FeatureKind.Categorical ? new StoredValue(float.NaN, _find.Text(i))
                    : new StoredValue((float)_find.Number(i), null);
            }
            return values;
        }
        finally
        {
            _find.Reset();
        }
    }

    private OnlineHeader ReadHeader()
    {
        using (SqliteStatement id = _database.Prepare("PRAGMA application_id"))
        {
            if (!id.Step() || id.Integer(0) != OnlineWriter.ApplicationId)
                throw StoreErrors.NoOnlineStore(_path, "another program wrote it");
        }
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        using (SqliteStatement rows = _database.Prepare("SELECT name, value FROM meta"))
        {
            while (rows.Step())
                meta.Add(rows.Text(0), rows.Text(1));
        }
        if (meta["format"] != OnlineWriter.Format)
            throw StoreErrors.NoOnlineStore(_path, $"format {meta["format"]} is not known to this release");
        var features = new List<StoredFeature>();
        using (SqliteStatement rows = _database.Prepare("SELECT name, kind, unit FROM columns ORDER BY position"))
        {
            while (rows.Step())
                features.Add(new StoredFeature(rows.Text(0), rows.Text(1) == "categorical" ? FeatureKind.Categorical : FeatureKind.Numeric, rows.Text(2)));
        }
        return new OnlineHeader
        {
            PlanHash = meta["plan_hash"],
            Entity = meta["entity"],
            KeyType = meta["key_type"] == "integer" ? ColumnType.Int64 : ColumnType.Utf8,
            AsOf = InstantText.TryParse(meta["as_of"], out long asOf) ? asOf : throw new FormatException("its instant does not read"),
            Rows = long.Parse(meta["rows"], CultureInfo.InvariantCulture),
            Features = features,
        };
    }

    private static (DateTime, long) Identity(string path)
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
