using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests.Store;

/// <summary>A small world, its plan, and a folder for stores of it.</summary>
internal sealed class StoreScene : IDisposable
{
    public const string Features = """
          - { name: plays, from: events, where: "kind = play", value: count, windows: [30] }
          - { name: spent, from: events, where: "kind = pay", value: mean(amount) }
          - { name: plan, from: customers, value: category(plan) }
        """;

    private readonly TemporaryDirectory _folder = new();

    public StoreScene(bool textKeys = false)
    {
        World = new World
        {
            TextKeys = textKeys,
            Customers = [new(1, 0, Plan: "gold"), new(2, 0), new(3, 50, Plan: ""), new(4, 0, Plan: "it's \"x\""), new(5, 0, Plan: "gold")],
            Events =
            [
                new(1, 20, "play"), new(1, 25, "play"), new(1, 26, "pay", 12.5), new(2, 1, "play"), new(4, 29, "play", KnownAt: 31),
                new(4, 59, "pay", -3), new(5, 40, "cancel"), new(2, 100, "play"),
            ],
        };
        Plan = World.Plan(Features);
        Data = World.Load(Plan);
    }

    public World World { get; }

    public FeaturePlan Plan { get; }

    public CustomerData Data { get; }

    public IngestSession Session { get; } = new(new IngestOptions { Budget = new JobBudget { Threads = 2 } });

    public JobBudget Budget { get; } = new() { Threads = 2 };

    public static long EndOfData => World.At(100);

    public string Folder => _folder["store"];

    public string this[string name] => _folder[name];

    public StoreWriter Open(string? folder = null) => StoreWriter.Open(folder ?? Folder, Plan, Data, Session.OpenParquet);

    /// <summary>A store with some days in it.</summary>
    public OfflineStore Fill(params double[] days)
    {
        using StoreWriter writer = Open();
        foreach (double day in days)
            writer.Materialise(World.At(day), EndOfData, Budget, CancellationToken.None);
        return writer.Store;
    }

    /// <summary>The rows of a date as texts, by key: features in plan order, missing ones "-".</summary>
    public SortedDictionary<string, string> Read(OfflineStore store, double day)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (RecordBatch batch in store.Read(World.At(day), Session, CancellationToken.None))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    rows.Add(Cell(batch.Columns[0], row), string.Join(' ', batch.Columns.Skip(1).Select(column => Cell(column, row))));
            }
        }
        return rows;
    }

    /// <summary>All rows of a Parquet file as texts, in their order.</summary>
    public string[] Rows(string path, params string[] columns)
    {
        var source = new TableSource { Name = "t", Path = path };
        IReadOnlyList<Field> fields = Session.Describe(source);
        var contract = new TableContract { Columns = [.. columns.Select(name => new ColumnContract(name, fields.Single(field => field.Name == name).Type))] };
        var rows = new List<string>();
        foreach (RecordBatch batch in Session.Read(source, contract, CancellationToken.None))
        {
            using (batch)
                rows.AddRange(Enumerable.Range(0, batch.Length).Select(row => string.Join(' ', batch.Columns.Select(column => Cell(column, row)))));
        }
        return [.. rows];
    }

    public void Dispose()
    {
        Data.Dispose();
        Session.Dispose();
        _folder.Dispose();
    }

    private static string Cell(Column column, int row) => column switch
    {
        _ when column.IsNull(row) => "-",
        Utf8Column text => $"'{text.GetString(row)}'",
        PrimitiveColumn<long> { Type: ColumnType.TimestampMicros } instant => InstantText.Format(instant.Values[row]),
        PrimitiveColumn<long> whole => FormattableString.Invariant($"{whole.Values[row]}"),
        PrimitiveColumn<float> number => FormattableString.Invariant($"{number.Values[row]}"),
        PrimitiveColumn<double> number => FormattableString.Invariant($"{number.Values[row]}"),
        _ => throw new ArgumentException($"no {column.Type} here", nameof(column)),
    };
}
