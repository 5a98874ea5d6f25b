using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>The ground truth that lies beside a generated world: for each customer at risk at each month's start, the probability its churn was drawn with.</summary>
/// <remarks>Only tests and the comparison in <c>churn demo</c> may read it; a stage that does would be learning from the answers.
/// The snapshot at the end of the last month has probabilities, but nothing was drawn: its <see cref="Churned"/> is null.
/// Rows are ordered by customer, then by instant.</remarks>
public static class TruthFile
{
    /// <summary>Where it is, below the folder of the world.</summary>
    public const string RelativePath = "truth/probabilities.parquet";

    /// <summary>int64, as in the other tables.</summary>
    public const string CustomerId = "customer_id";

    /// <summary>Timestamp: start of the month the row is about.</summary>
    public const string AsOf = "as_of";

    /// <summary>float64: probability of leaving within [as_of, as_of + 30 days), given whether an offer was made.</summary>
    public const string Probability = "probability";

    /// <summary>Boolean: whether the customer then left; null at the scoring date.</summary>
    public const string Churned = "churned";

    /// <summary>The four columns, in the file's order.</summary>
    public static Schema Schema { get; } = new(
        new Field(CustomerId, ColumnType.Int64, Nullable: false),
        new Field(AsOf, ColumnType.TimestampMicros, Nullable: false),
        new Field(Probability, ColumnType.Float64, Nullable: false),
        new Field(Churned, ColumnType.Boolean));

    internal static WorldFile File { get; } = new(RelativePath, Schema);
}

/// <summary>The rest of the ground truth, row by row as in <see cref="TruthFile"/>: what an offer does to whom, and what a customer is worth.</summary>
public static class EffectsFile
{
    /// <summary>Where it is, below the folder of the world.</summary>
    public const string RelativePath = "truth/effects.parquet";

    /// <summary>Boolean: whether an offer was made at as_of; always false without an experiment.</summary>
    public const string Treated = "treated";

    /// <summary>float64: probability of leaving with an offer less that without; below 0 where the offer helps.</summary>
    public const string Effect = "effect";

    /// <summary>float64: margin that the customer brings in a year.</summary>
    public const string Value = "value";

    /// <summary>The five columns, in the file's order.</summary>
    public static Schema Schema { get; } = new(
        new Field(TruthFile.CustomerId, ColumnType.Int64, Nullable: false),
        new Field(TruthFile.AsOf, ColumnType.TimestampMicros, Nullable: false),
        new Field(Treated, ColumnType.Boolean, Nullable: false),
        new Field(Effect, ColumnType.Float64, Nullable: false),
        new Field(Value, ColumnType.Float64, Nullable: false));

    internal static WorldFile File { get; } = new(RelativePath, Schema);
}

/// <summary>The experiment as a company logs it: who was at risk at which month's start, and who of them got an offer. There only when offers are made.</summary>
public static class OffersFile
{
    /// <summary>Where it is, below the folder of the world.</summary>
    public const string RelativePath = "offers.parquet";

    /// <summary>Customer, instant of the decision, and whether an offer was made.</summary>
    public static Schema Schema { get; } = new(
        new Field(TruthFile.CustomerId, ColumnType.Int64, Nullable: false),
        new Field("offered_at", ColumnType.TimestampMicros, Nullable: false),
        new Field(EffectsFile.Treated, ColumnType.Boolean, Nullable: false));

    internal static WorldFile File { get; } = new(RelativePath, Schema);
}

/// <summary>Collects the truth about a chunk's customers and turns it into the parts of its files.</summary>
internal sealed class TruthRows(int customers)
{
    private readonly record struct Row(long CustomerId, Snapshot Snapshot);

    private readonly List<Row> _rows = new(customers * 8);

    /// <summary>Customers and what became of them; the other counts are the world's.</summary>
    public WorldReport Counts { get; private set; } = new() { Customers = customers };

    public void Add(long customerId, List<Snapshot> snapshots)
    {
        foreach (Snapshot snapshot in snapshots)
        {
            _rows.Add(new Row(customerId, snapshot));
            Counts = Counts.With(snapshot);
        }
    }

    /// <summary>The files that follow a world's own.</summary>
    public static IReadOnlyList<WorldFile> FilesOf(WorldOptions options) =>
        options.TreatmentShare > 0 ? [TruthFile.File, EffectsFile.File, OffersFile.File] : [TruthFile.File, EffectsFile.File];

    /// <summary>Every file that can follow.</summary>
    public static IReadOnlyList<WorldFile> AllFiles { get; } = [TruthFile.File, EffectsFile.File, OffersFile.File];

    /// <summary>One part for each of <see cref="FilesOf"/>.</summary>
    public IEnumerable<ChunkPart> Build(WorldOptions options)
    {
        List<Row> all = _rows;
        yield return new RecordBatch(TruthFile.Schema,
        [
            .. KeyAndInstant(all),
            ColumnFill.Values(ColumnType.Float64, all.Count, row => all[row].Snapshot.Probability),
            ColumnFill.Booleans(all.Count, row => all[row].Snapshot.Churned),
        ], all.Count);
        yield return new RecordBatch(EffectsFile.Schema,
        [
            .. KeyAndInstant(all),
            ColumnFill.Booleans(all.Count, row => all[row].Snapshot.Treated),
            ColumnFill.Values(ColumnType.Float64, all.Count, row => all[row].Snapshot.Effect),
            ColumnFill.Values(ColumnType.Float64, all.Count, row => all[row].Snapshot.Value),
        ], all.Count);
        if (options.TreatmentShare > 0)
        {
            List<Row> drawn = all.FindAll(row => row.Snapshot.Churned.HasValue);
            yield return new RecordBatch(OffersFile.Schema,
                [.. KeyAndInstant(drawn), ColumnFill.Booleans(drawn.Count, row => drawn[row].Snapshot.Treated)], drawn.Count);
        }
    }

    private static Column[] KeyAndInstant(List<Row> rows) =>
    [
        ColumnFill.Values(ColumnType.Int64, rows.Count, row => rows[row].CustomerId),
        ColumnFill.Instants(rows.Count, row => WorldClock.MonthStart(rows[row].Snapshot.Month)),
    ];
}
