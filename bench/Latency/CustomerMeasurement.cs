using System.Diagnostics;
using System.Globalization;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Bench;

/// <summary>How much history, how many features, how often.</summary>
internal sealed record CustomerSize(int Events, int Features, int Calls);

/// <summary>One made-up customer, whose features are computed again and again.</summary>
internal static class CustomerMeasurement
{
    private const long DayMicros = 86_400_000_000, YearMicros = 365 * DayMicros;
    private static readonly long s_start = (new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

    public static SuiteRun Run(CustomerSize size, CancellationToken cancellation)
    {
        SuiteRun run = SuiteRun.Start("customer");
        FeaturePlan plan = FeaturePlan.Parse(EventsPlan.Yaml(size.Features), "customer.yaml");
        using RecordBatch customer = Customer(), events = Events(size.Events, new Random(1));
        var tables = new Dictionary<string, RecordBatch> { ["customers"] = customer, ["events"] = events };
        float[] whole = new float[plan.Features.Count], stream = new float[plan.Features.Count];
        List<ResultEntry> entries =
        [
            .. Time("from all events", call => Whole(plan, tables, s_start + YearMicros + call, whole), size, cancellation),
            .. Stream(plan, customer, size, stream, cancellation),
        ];
        return run with { Entries = entries };
    }

    private static void Whole(FeaturePlan plan, Dictionary<string, RecordBatch> tables, long asOf, float[] row)
    {
        using CustomerData data = CustomerData.Load(plan, tables);
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute(asOf, Population.Scoring, new JobBudget { Threads = 1 }, CancellationToken.None);
        snapshot.Matrix.Row(0).CopyTo(row);
    }

    // The events of the year are there; each call brings one more, then the features are read a second later.
    private static IEnumerable<ResultEntry> Stream(FeaturePlan plan, RecordBatch customer, CustomerSize size, float[] row, CancellationToken cancellation)
    {
        using var live = new LiveCustomer(plan);
        using RecordBatch history = Events(size.Events, new Random(1));
        live.Apply("customers", customer);
        live.Apply("events", history);
        RecordBatch[] news = [.. Enumerable.Range(0, size.Calls).Select(i => Event(s_start + YearMicros + i * 1_000_000L, i))];
        try
        {
            double[] applied = new double[size.Calls], read = new double[size.Calls];
            for (int warm = 0; warm < 50; warm++)
                live.Read(s_start + YearMicros - warm, row);
            for (int call = 0; call < size.Calls; call++)
            {
                cancellation.ThrowIfCancellationRequested();
                long started = Stopwatch.GetTimestamp();
                live.Apply("events", news[call]);
                long between = Stopwatch.GetTimestamp();
                live.Read(s_start + YearMicros + (call + 1) * 1_000_000L, row);
                (applied[call], read[call]) = (Stopwatch.GetElapsedTime(started, between).TotalMicroseconds, Stopwatch.GetElapsedTime(between).TotalMicroseconds);
            }
            return [.. LatencyEntries.Of("customer", "stream: apply an event", applied, Parameters(size)), .. LatencyEntries.Of("customer", "stream: read the features", read, Parameters(size))];
        }
        finally
        {
            foreach (RecordBatch batch in news)
                batch.Dispose();
        }
    }

    private static IEnumerable<ResultEntry> Time(string name, Action<int> call, CustomerSize size, CancellationToken cancellation)
    {
        for (int warm = 0; warm < 50; warm++)
            call(warm);
        double[] micros = new double[size.Calls];
        for (int i = 0; i < size.Calls; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            call(i);
            micros[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }
        return LatencyEntries.Of("customer", name, micros, Parameters(size));
    }

    private static RecordBatch Customer() =>
        new(new Schema([new Field("customer_id", ColumnType.Int64), new Field("signup_at", ColumnType.TimestampMicros)]), [Longs(ColumnType.Int64, [1]), Longs(ColumnType.TimestampMicros, [s_start - DayMicros])], 1);

    private static RecordBatch Event(long at, int number) => Batch([at], [at], [$"k{number % EventsPlan.Kinds}"], [number % 100]);

    // In order of time, as a log has them, two in a hundred known late.
    private static RecordBatch Events(int count, Random random)
    {
        long[] times = [.. Enumerable.Range(0, count).Select(_ => s_start + random.NextInt64(YearMicros)).Order()];
        return Batch(times, [.. times.Select(at => random.Next(50) == 0 ? at + random.NextInt64(3 * DayMicros) : at)], [.. times.Select(_ => $"k{random.Next(EventsPlan.Kinds)}")], [.. times.Select(_ => random.Next(10_000) / 100.0)]);
    }

    private static RecordBatch Batch(long[] times, long[] known, string[] kinds, double[] amounts)
    {
        using var text = new Utf8Builder();
        foreach (string kind in kinds)
            text.Append(kind);
        using var number = new PrimitiveBuilder<double>(ColumnType.Float64);
        foreach (double amount in amounts)
            number.Append(amount);
        var schema = new Schema([new("customer_id", ColumnType.Int64), new("event_at", ColumnType.TimestampMicros), new("ingested_at", ColumnType.TimestampMicros), new("kind", ColumnType.Utf8), new("amount", ColumnType.Float64)]);
        return new RecordBatch(schema, [Longs(ColumnType.Int64, [.. times.Select(_ => 1L)]), Longs(ColumnType.TimestampMicros, times), Longs(ColumnType.TimestampMicros, known), text.Build(), number.Build()], times.Length);
    }

    private static PrimitiveColumn<long> Longs(ColumnType type, long[] values)
    {
        using var builder = new PrimitiveBuilder<long>(type);
        foreach (long value in values)
            builder.Append(value);
        return builder.Build();
    }

    private static SortedDictionary<string, string> Parameters(CustomerSize size) => new(StringComparer.Ordinal)
    {
        ["events"] = size.Events.ToString(CultureInfo.InvariantCulture),
        ["features"] = size.Features.ToString(CultureInfo.InvariantCulture),
    };
}
