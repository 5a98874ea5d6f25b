using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>Which date of the store serves a row's instant.</summary>
public enum JoinDate
{
    /// <summary>The same instant; all of them must be there.</summary>
    Exact,
    /// <summary>The last one at or before it.</summary>
    Latest,
}

/// <summary>A training set to be put together from a store.</summary>
public sealed record JoinRequest
{
    /// <summary>Table of pairs, Parquet, Arrow, CSV or JSON lines: a column with the key, one with the instant, and any others, which are carried along.</summary>
    public required TableSource Pairs { get; init; }

    /// <summary>Column of the pairs with the customer's key; null: the store's own name for it.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>Column of the pairs with the instant.</summary>
    public string TimeColumn { get; init; } = "as_of";

    /// <summary>Which date serves.</summary>
    public JoinDate At { get; init; }

    /// <summary>With <see cref="JoinDate.Latest"/>: oldest features that still serve, microseconds before the row's instant, 0 and up.</summary>
    public long MaxAgeMicros { get; init; } = long.MaxValue;

    /// <summary>Parquet file to write.</summary>
    public required string Out { get; init; }

    /// <summary>Only read the pairs and choose the dates; neither features are read nor anything written.</summary>
    public bool CheckOnly { get; init; }
}

/// <summary>What a join came to.</summary>
/// <param name="Rows">Rows written.</param>
/// <param name="Dates">Dates of the store that served.</param>
/// <param name="UnknownCustomer">Rows left out: no date of the store has the customer.</param>
/// <param name="NotAtRisk">Rows left out: the customer had not signed up, or had left, as of the date that would serve.</param>
/// <param name="NoDate">Rows left out: no date at or before the row's instant, or none young enough.</param>
/// <param name="UnmatchedFile">File that lists the rows left out; null when there is none.</param>
/// <param name="FirstUnmatched">The first of them in words; null when there is none.</param>
public sealed record JoinReport(long Rows, int Dates, long UnknownCustomer, long NotAtRisk, long NoDate, string? UnmatchedFile, string? FirstUnmatched);

/// <summary>Puts features beside (customer, instant) pairs, as of those instants: a training set with labels of the user's own.</summary>
/// <remarks>Rows leave in the order given, with all columns of the pairs, then <c>features_as_of</c>, then the features. A row without features is left out and listed, with its
/// number, in <c>NAME.unmatched.parquet</c> beside the output: a row of nulls would pass for a customer who did nothing.
/// Point-in-time right, since a date of the store holds what was known then. Memory: the pairs, and 4 bytes for each feature of each pair.</remarks>
public sealed class FeatureJoin
{
    private const string DateColumn = "features_as_of";
    private readonly OfflineStore _store;
    private readonly JoinRequest _request;
    private readonly IngestSession _session;
    private readonly OpenBatchSink _open;
    private readonly string _key;

    private FeatureJoin(OfflineStore store, JoinRequest request, IngestSession session, OpenBatchSink open)
    {
        (_store, _request, _session, _open) = (store, request, session, open);
        _key = request.KeyColumn ?? store.Manifest.Entity;
    }

    /// <summary>Joins and writes.</summary>
    /// <param name="store">The features.</param>
    /// <param name="request">The pairs, and where to write.</param>
    /// <param name="session">Reads both.</param>
    /// <param name="open">Writes Parquet files.</param>
    /// <param name="run">Told of dates read so far under step "join" (may be null); stops between batches, and leaves nothing then.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3070 for an instant that the store lacks (exact), CE3071 when no row has features, CE3072 for a column that the pairs lack;
    /// <see cref="ChurnConfigException"/> CE3069 when a column of the pairs is called like a feature; what reading the pairs throws.</remarks>
    public static JoinReport Run(OfflineStore store, JoinRequest request, IngestSession session, OpenBatchSink open, (IProgress<StepProgress>? Progress, CancellationToken Cancellation) run)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(session);
        return new FeatureJoin(store, request, session, open).Run(run.Progress, run.Cancellation);
    }

    /// <summary>Where the rows left out of an output are listed.</summary>
    public static string UnmatchedPath(string output) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(output))!, Path.GetFileNameWithoutExtension(output) + ".unmatched.parquet");

    private JoinReport Run(IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        TableContract contract = Contract();
        using Table pairs = ReadPairs(contract, cancellation);
        var rows = new JoinRows(pairs, _key);
        rows.Choose(_store.Dates(), _request, _store.Folder);
        long[] dates = rows.DatesUsed();
        if (_request.CheckOnly)
            return new JoinReport(rows.Count, dates.Length, 0, 0, rows.WithoutDate, null, null);
        using var features = new JoinedFeatures(_store.Manifest, rows.Count);
        for (int date = 0; date < dates.Length; date++)
        {
            progress?.Report(new StepProgress("join", date, dates.Length));
            rows.Index(dates[date]);
            foreach (RecordBatch batch in _store.Read(dates[date], _session, cancellation))
            {
                using (batch)
                    rows.Fill(batch, features);
            }
        }
        progress?.Report(new StepProgress("join", dates.Length, dates.Length));
        if (rows.Found == 0)
            throw StoreErrors.NoPairMatches(_request.Pairs.Path, rows.Count, rows.Describe(0));
        return Write(pairs, rows, features, dates.Length, cancellation);
    }

    private TableContract Contract()
    {
        IReadOnlyList<Field> fields = _session.Describe(_request.Pairs);
        foreach (string column in new[] { _key, _request.TimeColumn })
        {
            if (fields.All(field => field.Name != column))
                throw StoreErrors.NoColumn(_request.Pairs.Path, column, fields.Select(field => field.Name));
        }
        string[] stored = [DateColumn, .. _store.Manifest.Features.Select(feature => feature.Name)];
        foreach (Field field in fields)
        {
            if (stored.FirstOrDefault(name => name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) is { } clash)
                throw StoreErrors.NameClash(field.Name, clash);
        }
        return new TableContract
        {
            Columns = [.. fields.Select(field =>
                field.Name == _key ? new ColumnContract(field.Name, _store.Manifest.KeyType, NotNull: true)
                : field.Name == _request.TimeColumn ? new ColumnContract(field.Name, ColumnType.TimestampMicros, NotNull: true)
                : new ColumnContract(field.Name, field.Type))],
        };
    }

    private Table ReadPairs(TableContract contract, CancellationToken cancellation)
    {
        Table? pairs = null;
        try
        {
            foreach (RecordBatch batch in _session.Read(_request.Pairs, contract, cancellation))
                (pairs ??= new Table(batch.Schema)).Add(batch);
            return pairs ?? new Table(new Schema([.. contract.Columns.Select(column => new Field(column.Name, column.Type))]));
        }
        catch
        {
            pairs?.Dispose();
            throw;
        }
    }

    private JoinReport Write(Table pairs, JoinRows rows, JoinedFeatures features, int dates, CancellationToken cancellation)
    {
        string unmatched = UnmatchedPath(_request.Out);
        (long unknown, long notAtRisk, long noDate) = rows.Found == rows.Count ? (0, 0, 0) : rows.Judge(_store, _session, cancellation);
        // First what is missing, then the rows themselves: whoever finds the output finds its list beside it.
        if (rows.Found < rows.Count)
            WriteUnmatched(pairs, rows, unmatched);
        var schema = new Schema([.. pairs.Schema.Fields, new Field(DateColumn, ColumnType.TimestampMicros, Nullable: false), .. _store.Manifest.Schema.Fields.Skip(1)]);
        using (IBatchSink sink = _open(_request.Out, schema))
        {
            int first = 0;
            foreach (RecordBatch batch in pairs.Batches)
            {
                cancellation.ThrowIfCancellationRequested();
                int[] kept = rows.FoundWithin(first, batch.Length);
                if (kept.Length > 0)
                {
                    int start = first;
                    using var block = new RecordBatch(schema, [.. batch.Columns.Select(column => column.Gather(kept)), rows.DatesOf(kept, start), .. features.Columns([.. kept.Select(row => start + row)])], kept.Length);
                    sink.Write(block);
                }
                first += batch.Length;
            }
            sink.Complete();
        }
        if (rows.Found == rows.Count)
            FileChanges.Delete(unmatched);
        return new JoinReport(rows.Found, dates, unknown, notAtRisk, noDate, rows.Found < rows.Count ? unmatched : null, rows.FirstUnmatched() is >= 0 and int row ? rows.Describe(row) : null);
    }

    private void WriteUnmatched(Table pairs, JoinRows rows, string path)
    {
        var schema = new Schema(new Field("row", ColumnType.Int64, Nullable: false), new Field(_key, _store.Manifest.KeyType, Nullable: false),
            new Field(_request.TimeColumn, ColumnType.TimestampMicros, Nullable: false), new Field("reason", ColumnType.Utf8, Nullable: false));
        using IBatchSink sink = _open(path, schema);
        int first = 0;
        foreach (RecordBatch batch in pairs.Batches)
        {
            int[] missing = [.. Enumerable.Range(0, batch.Length).Except(rows.FoundWithin(first, batch.Length))];
            if (missing.Length > 0)
            {
                using var numbers = new PrimitiveBuilder<long>(ColumnType.Int64);
                using var reasons = new Utf8Builder();
                foreach (int row in missing)
                {
                    numbers.Append(first + row + 1);
                    reasons.Append(rows.ReasonOf(first + row));
                }
                using var block = new RecordBatch(schema, [numbers.Build(), batch[_key].Gather(missing), batch[_request.TimeColumn].Gather(missing), reasons.Build()], missing.Length);
                sink.Write(block);
            }
            first += batch.Length;
        }
        sink.Complete();
    }
}
