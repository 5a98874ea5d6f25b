using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>An event; instants in days since <see cref="World.Start"/>.</summary>
internal sealed record TestEvent(long Customer, double At, string? Kind, double? Amount = null, double? KnownAt = null)
{
    public long Time => World.At(At);
    public long Known => World.At(KnownAt ?? At);
}

/// <summary>A row of attributes; instants in days since <see cref="World.Start"/>.</summary>
internal sealed record TestCustomer(long Customer, double From, double? Age = null, string? Plan = null, double? KnownAt = null)
{
    public long Time => World.At(From);
    public long Known => World.At(KnownAt ?? From);
}

/// <summary>A small hand-made customer base.</summary>
internal sealed class World
{
    public const string Tables = """
        entity: customer_id
        tables:
          customers: { source: customers.parquet, valid_from: signup_at, known: loaded_at }
          events: { source: events.parquet, time: event_at, known: ingested_at, kind: event_type }

        """;

    public const string Label = "label: { churned: \"kind = cancel within 30d\" }\n";

    public static long Start { get; } = (new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

    public List<TestCustomer> Customers { get; init; } = [];

    public List<TestEvent> Events { get; init; } = [];

    public bool TextKeys { get; init; }

    public int BatchSize { get; init; } = 1000;

    public int Threads { get; init; } = 2;

    public long MemoryBytes { get; init; } = 8L << 30;

    public static long At(double days) => Start + (long)Math.Round(days * 86_400_000_000.0);

    public static FeaturePlan Plan(string features, string label = Label) => FeaturePlan.Parse(Tables + "features:\n" + features + "\n" + label, "churn.yaml");

    public CustomerData Load(FeaturePlan plan)
    {
        ColumnType keyType = TextKeys ? ColumnType.Utf8 : ColumnType.Int64;
        var tables = new MemoryTables { BatchSize = BatchSize };
        tables.Add("customers",
            [new("customer_id", keyType), new("signup_at", ColumnType.TimestampMicros), new("loaded_at", ColumnType.TimestampMicros), new("age", ColumnType.Float64), new("plan", ColumnType.Utf8)],
            Customers.Select(c => new object?[] { Key(c.Customer), c.Time, c.Known, c.Age, c.Plan }));
        tables.Add("events",
            [new("customer_id", keyType), new("event_at", ColumnType.TimestampMicros), new("ingested_at", ColumnType.TimestampMicros), new("event_type", ColumnType.Utf8), new("amount", ColumnType.Float64)],
            Events.Select(e => new object?[] { Key(e.Customer), e.Time, e.Known, e.Kind, e.Amount }));
        return CustomerData.Load(plan, tables, new JobBudget { Threads = Threads, MemoryBytes = MemoryBytes }, null, CancellationToken.None);
    }

    /// <summary>Feature values of every customer at risk, by key and feature name.</summary>
    public Dictionary<string, Dictionary<string, float>> Compute(FeaturePlan plan, double asOfDays, Population population = Population.Scoring)
    {
        using CustomerData data = Load(plan);
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute(At(asOfDays), population, new JobBudget { Threads = Threads }, CancellationToken.None);
        return ByKey(snapshot.Matrix, snapshot.Keys, 0, snapshot.Matrix.RowCount);
    }

    /// <summary>The value of one feature for one customer.</summary>
    public float Value(string feature, double asOfDays, long customer = 1) => Compute(Plan(feature), asOfDays)[KeyText(customer)].Values.Last();

    public static string KeyText(long customer) => customer.ToString("D4", System.Globalization.CultureInfo.InvariantCulture);

    public static Dictionary<string, Dictionary<string, float>> ByKey(FeatureMatrix matrix, Column keys, long start, long count)
    {
        var result = new Dictionary<string, Dictionary<string, float>>();
        for (long row = start; row < start + count; row++)
        {
            var values = new Dictionary<string, float>();
            for (int f = 0; f < matrix.FeatureCount; f++)
                values.Add(matrix.Features[f].Name, matrix.Row(row)[f]);
            result.Add(keys is Utf8Column text ? text.GetString((int)row)! : KeyText(((PrimitiveColumn<long>)keys).Values[(int)row]), values);
        }
        return result;
    }

    private object Key(long customer) => TextKeys ? KeyText(customer) : customer;
}
