using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Writes one snapshot into a SQLite file for point reads.</summary>
/// <remarks>
/// <code>
/// features(customer_id, feature, feature, ...)   one row a customer, in the order given; numbers REAL, texts TEXT, missing NULL
/// features_by_customer                           unique index over the key: a read descends two trees of depth three or four
/// columns(position, name, kind, unit)            the features in plan order
/// meta(name, value)                              format, plan_hash, entity, key_type, as_of, rows
/// </code>
/// The file grows under a hidden name and takes its own when it is whole and flushed. Who has the old file open goes on reading that; who opens the name later gets the new one.</remarks>
public static class OnlineWriter
{
    internal const string Format = "1";
    // "ChOn": what `file` and a reader tell the database by.
    internal const int ApplicationId = 0x43684F6E;

    /// <summary>Replaces <paramref name="path"/> by a store of these rows.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="header">What the rows are; its count of rows is not looked at.</param>
    /// <param name="batches">Key, then all features; disposed one by one. No key occurs twice.</param>
    /// <param name="progress">Rows written under step "publish"; may be null.</param>
    /// <param name="cancellation">Stops between batches; the old file stays then.</param>
    /// <returns>Rows written.</returns>
    /// <remarks>Memory: 64 MB of pages, and the keys while the index is built. Errors: <see cref="ChurnConfigException"/> CE3064 when the file cannot be written, CE3075.</remarks>
    public static long Write(string path, OnlineHeader header, IEnumerable<RecordBatch> batches, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(batches);
        try
        {
            using var file = PendingFile.Create(path);
            long rows;
            using (var database = SqliteDatabase.OpenForFilling(file.HiddenPath))
                rows = Fill(database, header, batches, (progress, cancellation));
            cancellation.ThrowIfCancellationRequested();
            file.Publish();
            return rows;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.CannotWrite(path, failure);
        }
    }

    private static long Fill(SqliteDatabase database, OnlineHeader header, IEnumerable<RecordBatch> batches, (IProgress<StepProgress>? Progress, CancellationToken Cancellation) run)
    {
        string key = SqliteDatabase.Quote(header.Entity);
        database.Execute($"PRAGMA application_id = {ApplicationId}; BEGIN; CREATE TABLE features({key} {(header.KeyType == ColumnType.Int64 ? "INTEGER" : "TEXT")} NOT NULL"
            + string.Concat(header.Features.Select(feature => $", {SqliteDatabase.Quote(feature.Name)} {(feature.Kind == FeatureKind.Categorical ? "TEXT" : "REAL")}")) + ")");
        long rows = 0;
        using (SqliteStatement insert = database.Prepare($"INSERT INTO features VALUES ({string.Join(", ", Enumerable.Range(1, header.Features.Count + 1).Select(i => $"?{i}"))})"))
        {
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                    Insert(insert, batch);
                rows += batch.Length;
                run.Cancellation.ThrowIfCancellationRequested();
                run.Progress?.Report(new StepProgress("publish", rows, 0));
            }
        }
        database.Execute($"CREATE UNIQUE INDEX features_by_customer ON features({key})");
        Describe(database, header with { Rows = rows });
        database.Execute("COMMIT");
        return rows;
    }

    private static void Insert(SqliteStatement insert, RecordBatch batch)
    {
        for (int row = 0; row < batch.Length; row++)
        {
            for (int column = 0; column < batch.Columns.Count; column++)
            {
                switch (batch.Columns[column])
                {
                    case var any when any.IsNull(row):
                        insert.BindNull(column + 1);
                        break;
                    case PrimitiveColumn<float> number:
                        insert.Bind(column + 1, (double)number.Values[row]);
                        break;
                    case PrimitiveColumn<long> whole:
                        insert.Bind(column + 1, whole.Values[row]);
                        break;
                    case Utf8Column text:
                        insert.Bind(column + 1, text.GetBytes(row));
                        break;
                    case var other:
                        throw new ArgumentException($"column {column} is {other.Type}, which no store holds", nameof(batch));
                }
            }
            insert.Step();
            insert.Reset();
        }
    }

    private static void Describe(SqliteDatabase database, OnlineHeader header)
    {
        database.Execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; CREATE TABLE columns(position INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL)");
        (string Name, string Value)[] meta =
        [
            ("format", Format), ("plan_hash", header.PlanHash), ("entity", header.Entity), ("key_type", header.KeyType == ColumnType.Int64 ? "integer" : "text"),
            ("as_of", InstantText.Format(header.AsOf)), ("rows", header.Rows.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach ((string name, string value) in meta)
            database.Execute($"INSERT INTO meta VALUES ({Literal(name)}, {Literal(value)})");
        for (int i = 0; i < header.Features.Count; i++)
        {
            StoredFeature feature = header.Features[i];
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO columns VALUES ({i}, {Literal(feature.Name)}, {Literal(feature.Kind == FeatureKind.Categorical ? "categorical" : "numeric")}, {Literal(feature.Unit)})"));
        }
    }

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
