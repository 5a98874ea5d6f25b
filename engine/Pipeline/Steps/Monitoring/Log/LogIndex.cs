using System.Buffers.Text;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Which predictions of a log count: of each customer the latest, and the latest whose outcome is known.</summary>
/// <remarks>A service is asked about some customers a hundred times. Their predictions are not a hundred customers, so that one of each counts: intervals would be too narrow otherwise.
/// Memory: some 150 bytes a customer.</remarks>
internal sealed class LogIndex
{
    private readonly Dictionary<string, Entry> _customers = new(StringComparer.Ordinal);

    /// <summary>Predictions of the model.</summary>
    public long Predictions { get; private set; }

    /// <summary>Customers of them.</summary>
    public int Customers => _customers.Count;

    /// <summary>Instants of the first prediction and the last.</summary>
    public (long First, long Last) Span { get; private set; } = (long.MaxValue, long.MinValue);

    /// <summary>Predictions of other versions, by version.</summary>
    public SortedDictionary<string, long> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads what a log says of time, customer and version.</summary>
    /// <param name="log">Which part of it.</param>
    /// <param name="version">The model's.</param>
    /// <param name="outcomes">Tells which predictions have an outcome; null: nobody asks.</param>
    /// <param name="session">Reads.</param>
    /// <param name="context">Cancellation.</param>
    public static LogIndex Read(LogRequest log, string version, LogOutcomes? outcomes, IngestSession session, StepContext context)
    {
        var index = new LogIndex();
        string folder = Path.GetFullPath(log.Folder);
        string[] versions = Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)] : [];
        foreach (string own in versions)
        {
            if (!Directory.EnumerateFiles(own, Pattern).Any())
                continue;
            foreach (RecordBatch batch in session.Read(SourceOf(own), new TableContract { Columns = s_columns }, context.Cancellation))
            {
                using (batch)
                    index.Add(batch, log, version, outcomes);
            }
        }
        return index.Predictions > 0 ? index : throw LogErrors.NoLog(log.Folder, version, [.. index.Others.Keys]);
    }

    /// <summary>What a prediction counts for.</summary>
    /// <param name="customer">Key, UTF-8.</param>
    /// <param name="at">When.</param>
    /// <param name="id">As the log writes it.</param>
    /// <returns>Whether it is its customer's latest, whether it is the latest with an outcome, and the key.</returns>
    public (bool IsLatest, bool IsKnown, string Customer) PlaceOf(ReadOnlySpan<byte> customer, long at, ReadOnlySpan<byte> id) =>
        Find(customer, mayAdd: false) is { } entry && IdOf(id) is var own ? (entry.Latest == (at, own), entry.Known == (at, own), entry.Customer) : (false, false, "");

    /// <summary>The Parquet files of a version.</summary>
    public static TableSource SourceOf(string folder) => new() { Name = "prediction log", Path = Path.Combine(folder, Pattern), Format = FileFormat.Parquet };

    private const string Pattern = "predictions-*.parquet";

    private static readonly ColumnContract[] s_columns =
    [
        new("prediction_id", ColumnType.Utf8, NotNull: true), new("predicted_at", ColumnType.TimestampMicros, NotNull: true), new("customer", ColumnType.Utf8, NotNull: true),
        new("as_of", ColumnType.TimestampMicros, NotNull: true), new("version", ColumnType.Utf8, NotNull: true),
    ];

    private void Add(RecordBatch batch, LogRequest log, string version, LogOutcomes? outcomes)
    {
        ReadOnlySpan<long> at = batch.Values<long>("predicted_at"), asOf = batch.Values<long>("as_of");
        Utf8Column ids = (Utf8Column)batch["prediction_id"], customers = (Utf8Column)batch["customer"], versions = (Utf8Column)batch["version"];
        byte[] own = Encoding.UTF8.GetBytes(version);
        for (int i = 0; i < batch.Length; i++)
        {
            if (at[i] < (log.Since ?? long.MinValue) || at[i] >= (log.Until ?? long.MaxValue))
                continue;
            if (!versions.GetBytes(i).SequenceEqual(own))
            {
                string other = versions.GetString(i)!;
                Others[other] = Others.GetValueOrDefault(other) + 1;
                continue;
            }
            Predictions++;
            Span = (Math.Min(Span.First, at[i]), Math.Max(Span.Last, at[i]));
            Entry entry = Find(customers.GetBytes(i), mayAdd: true)!;
            Guid id = IdOf(ids.GetBytes(i));
            if (IsLater((at[i], id), entry.Latest))
                entry.Latest = (at[i], id);
            if (outcomes is not null && IsLater((at[i], id), entry.Known) && outcomes.IsKnown(entry.Customer, asOf[i]))
                entry.Known = (at[i], id);
        }
    }

    // Of two in the same microsecond, as a batch has them, the greater id: which file is read first does not matter.
    private static bool IsLater((long At, Guid Id) one, (long At, Guid Id) other) => one.At > other.At || one.At == other.At && one.Id.CompareTo(other.Id) > 0;

    private static Guid IdOf(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out Guid id, out _) ? id : Guid.Empty;

    // Without a string of its own for every row.
    private Entry? Find(ReadOnlySpan<byte> customer, bool mayAdd)
    {
        Span<char> characters = customer.Length <= 1024 ? stackalloc char[1024] : new char[customer.Length];
        ReadOnlySpan<char> key = characters[..Encoding.UTF8.GetChars(customer, characters)];
        if (_customers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out Entry? entry) || !mayAdd)
            return entry;
        string name = key.ToString();
        _customers.Add(name, entry = new Entry(name));
        return entry;
    }

    private sealed class Entry(string customer)
    {
        public string Customer => customer;

        public (long At, Guid Id) Latest { get; set; } = (long.MinValue, Guid.Empty);

        public (long At, Guid Id) Known { get; set; } = (long.MinValue, Guid.Empty);
    }
}
