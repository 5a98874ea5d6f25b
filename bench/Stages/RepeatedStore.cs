using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench;

/// <summary>An offline store with as many customers as wanted: those of a small world at one date, again and again under other keys. A world of ten million would take an hour to make, and its features look the same.</summary>
internal sealed class RepeatedStore(StageOptions options, StageCache cache)
{
    private const int WorldCustomers = 100_000;
    private readonly StageCache _small = new(options with { Customers = WorldCustomers });

    /// <summary>The model of the small world.</summary>
    public string Model() => _small.Model();

    /// <summary>The store; made once a size.</summary>
    public string Store() => cache.Make(string.Create(CultureInfo.InvariantCulture, $"store-{options.Customers}-f{options.Features}-seed{options.Seed}"), _small.Project().Plan.Hash, folder =>
    {
        string once = Path.Combine(folder, "once"), store = Path.Combine(folder, "store");
        MaterialiseStep.Run(_small.Project(), new MaterialiseRequest { Store = once }, new StepContext(new JobBudget(), null, CancellationToken.None));
        var source = OfflineStore.Open(once);
        long asOf = source.Require((long?)null);
        Directory.CreateDirectory(store);
        File.Copy(Path.Combine(once, StoreManifest.FileName), Path.Combine(store, StoreManifest.FileName));
        Repeat(source, asOf, OfflineStore.Open(store).PathOf(asOf));
        Directory.Delete(once, recursive: true);
    }) + "/store";

    private void Repeat(OfflineStore source, long asOf, string path)
    {
        using var session = new IngestSession(new IngestOptions { Budget = new JobBudget() });
        long left = options.Customers, key = 0;
        IBatchSink? sink = null;
        try
        {
            while (left > 0)
            {
                foreach (RecordBatch batch in source.Read(asOf, session, CancellationToken.None))
                {
                    using (batch)
                    {
                        int count = (int)Math.Min(left, batch.Length);
                        sink ??= session.OpenParquet(path, batch.Schema);
                        if (count == 0)
                            continue;
                        NativeBuffer<long> keys = NativeBuffer<long>.Allocate(count);
                        for (int row = 0; row < count; row++)
                            keys[row] = key++;
                        using var copy = new RecordBatch(batch.Schema, [new PrimitiveColumn<long>(ColumnType.Int64, keys, count), .. batch.Columns.Skip(1).Select(column => column.CopyRows(0, count))], count);
                        sink.Write(copy);
                        left -= count;
                    }
                }
            }
            sink!.Complete();
        }
        finally
        {
            sink?.Dispose();
        }
    }
}
