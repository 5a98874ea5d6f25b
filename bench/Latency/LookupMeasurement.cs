using System.Diagnostics;
using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Bench;

/// <summary>How large a store, and how often it is read.</summary>
internal sealed record LookupSize(int Customers, int Features, int Reads, bool TextKeys);

/// <summary>Publishes a store of made-up customers and reads some of them.</summary>
internal static class LookupMeasurement
{
    private const int BatchRows = 10_000;
    private const int Strangers = 10;
    // More would find the upper pages of the trees, and then the lower ones, in memory again.
    private const int ColdReads = 2_000;
    private static readonly string[] s_texts = ["basic", "family", "premium", "student", "trial"];

    public static SuiteRun Run(LookupSize size, CancellationToken cancellation)
    {
        SuiteRun run = SuiteRun.Start("lookup");
        string folder = Directory.CreateTempSubdirectory("churn-bench-lookup-").FullName;
        try
        {
            string path = Path.Combine(folder, "features.sqlite");
            long started = Stopwatch.GetTimestamp();
            OnlineWriter.Write(path, Header(size), Batches(size), null, cancellation);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var entries = new List<ResultEntry>
            {
                new() { Name = "publish", Parameters = Parameters(size), Unit = "rows/s", Value = size.Customers / seconds, Rows = size.Customers, Seconds = seconds, BytesMoved = new FileInfo(path).Length },
            };
            string[] keys = Keys(size);
            using (var cold = OnlineStore.Open(path))
            {
                PageCache.Drop(path);
                entries.AddRange(Read(cold, keys[..Math.Min(keys.Length, ColdReads)], size, "cold: from the disk", cancellation));
            }
            // Nothing in SQLite's own cache, and what memory allows in the system's: what a service meets after a refresh.
            using var store = OnlineStore.Open(path);
            entries.AddRange(Read(store, keys, size, "after opening", cancellation));
            entries.AddRange(Read(store, keys, size, "warm", cancellation));
            return run with { Entries = entries };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<ResultEntry> Read(OnlineStore store, string[] keys, LookupSize size, string reads, CancellationToken cancellation)
    {
        double[] micros = new double[keys.Length];
        int found = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            long started = Stopwatch.GetTimestamp();
            StoredValue[]? values = store.Find(keys[i]);
            micros[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            found += values is null ? 0 : 1;
            if (i % 1000 == 0)
                cancellation.ThrowIfCancellationRequested();
        }
        if (found != keys.Length - keys.Length / Strangers)
            throw new BenchException($"{found} of {keys.Length} keys were found", "this is a bug of the store: please report it");
        return LatencyEntries.Of("lookup", reads, micros, Parameters(size));
    }

    private static OnlineHeader Header(LookupSize size) => new()
    {
        PlanHash = new string('0', 64),
        Entity = "customer_id",
        KeyType = size.TextKeys ? ColumnType.Utf8 : ColumnType.Int64,
        AsOf = 0,
        Features = [.. Enumerable.Range(0, size.Features).Select(i => new StoredFeature($"feature_{i}", IsText(i) ? FeatureKind.Categorical : FeatureKind.Numeric, ""))],
    };

    private static IEnumerable<RecordBatch> Batches(LookupSize size)
    {
        var random = new Random(1);
        OnlineHeader header = Header(size);
        var schema = new Schema([new Field(header.Entity, header.KeyType), .. header.Features.Select(feature => new Field(feature.Name, feature.Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32))]);
        for (int start = 0; start < size.Customers; start += BatchRows)
        {
            int rows = Math.Min(BatchRows, size.Customers - start);
            List<Column> columns = [KeyColumn(size, start, rows)];
            for (int feature = 0; feature < size.Features; feature++)
                columns.Add(IsText(feature) ? Texts(rows, random) : Floats(rows, random));
            yield return new RecordBatch(schema, columns, rows);
        }
    }

    private static Column KeyColumn(LookupSize size, int start, int rows)
    {
        if (size.TextKeys)
        {
            using var text = new Utf8Builder();
            for (int row = start; row < start + rows; row++)
                text.Append(KeyOf(row, size));
            return text.Build();
        }
        using var keys = new PrimitiveBuilder<long>(ColumnType.Int64);
        for (int row = start; row < start + rows; row++)
            keys.Append(long.Parse(KeyOf(row, size), CultureInfo.InvariantCulture));
        return keys.Build();
    }

    private static Utf8Column Texts(int rows, Random random)
    {
        using var text = new Utf8Builder();
        for (int row = 0; row < rows; row++)
            text.Append(s_texts[random.Next(s_texts.Length)]);
        return text.Build();
    }

    private static PrimitiveColumn<float> Floats(int rows, Random random)
    {
        using var number = new PrimitiveBuilder<float>(ColumnType.Float32);
        for (int row = 0; row < rows; row++)
            number.Append(random.NextSingle() * 100);
        return number.Build();
    }

    // One in ten is a customer that the store does not have.
    private static string[] Keys(LookupSize size)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, size.Reads / Strangers * Strangers).Select(i => KeyOf(i % Strangers == 0 ? size.Customers + random.Next(size.Customers) : random.Next(size.Customers), size))];
    }

    // Spread over all numbers, as keys stand by partition in a store: rows come in no order of theirs.
    private static string KeyOf(int row, LookupSize size)
    {
        // An odd factor maps 2^44 numbers onto themselves, so no key occurs twice.
        long key = (long)((ulong)row * 0x9E37_79B9_7F4A_7C15 & (1UL << 44) - 1);
        return size.TextKeys ? string.Create(CultureInfo.InvariantCulture, $"customer-{key:D14}") : key.ToString(CultureInfo.InvariantCulture);
    }

    private static bool IsText(int feature) => feature % 10 == 9;

    private static SortedDictionary<string, string> Parameters(LookupSize size) => new(StringComparer.Ordinal)
    {
        ["customers"] = size.Customers.ToString(CultureInfo.InvariantCulture),
        ["features"] = size.Features.ToString(CultureInfo.InvariantCulture),
        ["keys"] = size.TextKeys ? "text" : "whole numbers",
    };
}
