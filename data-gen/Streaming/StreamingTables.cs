using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>The files of a streaming world and their columns.</summary>
internal static class StreamingTables
{
    public const string CustomersPath = "customers.parquet";

    private const string ValidFrom = "valid_from";
    private const string Device = "device";

    private static readonly Field[] s_customerColumns =
    [
        new("customer_id", ColumnType.Int64, Nullable: false),
        new("signup_at", ColumnType.TimestampMicros, Nullable: false),
        new("age", ColumnType.Int32),
        new("gender", ColumnType.Dictionary),
        new("region", ColumnType.Dictionary),
        new("plan", ColumnType.Dictionary, Nullable: false),
        new("payment_method", ColumnType.Dictionary),
        new("monthly_price", ColumnType.Float64, Nullable: false),
        new("channel", ColumnType.Dictionary),
    ];

    public static Schema Customers { get; } = new(s_customerColumns);

    /// <summary>With plan changes: a row for each plan, and since when it holds.</summary>
    public static Schema CustomersByPlan { get; } = new([.. s_customerColumns, new Field(ValidFrom, ColumnType.TimestampMicros, Nullable: false)]);

    public static Schema Events { get; } = Log("event_type", new Field("duration_s", ColumnType.Int32));

    /// <summary>With new columns: the device, which the app tells from the middle of the world on.</summary>
    public static Schema EventsWithDevice { get; } = Log("event_type", new Field("duration_s", ColumnType.Int32), new Field(Device, ColumnType.Dictionary));

    public static Schema Payments { get; } = Log("status", new Field("amount", ColumnType.Float64, Nullable: false));

    public static Schema Support { get; } = Log("ticket_kind");

    /// <summary>Every file there can be.</summary>
    public static IReadOnlyList<WorldFile> Files { get; } = [.. Own(Customers, Events), .. TruthRows.AllFiles];

    /// <summary>The files of a world.</summary>
    public static IReadOnlyList<WorldFile> FilesOf(WorldOptions options, StreamingExtras extras) =>
        [.. Own(extras.PlanChanges ? CustomersByPlan : Customers, extras.NewColumns ? EventsWithDevice : Events), .. TruthRows.FilesOf(options)];

    private static WorldFile[] Own(Schema customers, Schema events) =>
    [
        new(CustomersPath, customers),
        new("events/part-{0}.parquet", events, WorldFile.ParquetRowsPerPart),
        new("payments.parquet", Payments),
        new("support.parquet", Support),
    ];

    private static Schema Log(string kind, params Field[] more) => new([.. LogRows.Fields("customer_id", kind), .. more]);
}
