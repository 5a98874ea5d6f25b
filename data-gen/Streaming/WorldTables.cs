using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>The files of a world and their columns.</summary>
internal static class WorldTables
{
    public const string CustomersPath = "customers.parquet";
    public const string PaymentsPath = "payments.parquet";
    public const string SupportPath = "support.parquet";

    public static string EventsPath(int part) => $"events/part-{part:D5}.parquet";

    public static Schema Customers { get; } = new(
        new Field("customer_id", ColumnType.Int64, Nullable: false),
        new Field("signup_at", ColumnType.TimestampMicros, Nullable: false),
        new Field("age", ColumnType.Int32),
        new Field("gender", ColumnType.Dictionary),
        new Field("region", ColumnType.Dictionary),
        new Field("plan", ColumnType.Dictionary, Nullable: false),
        new Field("payment_method", ColumnType.Dictionary),
        new Field("monthly_price", ColumnType.Float64, Nullable: false),
        new Field("channel", ColumnType.Dictionary));

    public static Schema Events { get; } = Log("event_type", new Field("duration_s", ColumnType.Int32));

    public static Schema Payments { get; } = Log("status", new Field("amount", ColumnType.Float64, Nullable: false));

    public static Schema Support { get; } = Log("ticket_kind");

    private static Schema Log(string kind, params Field[] more) => new(
    [
        new Field("customer_id", ColumnType.Int64, Nullable: false),
        new Field("event_at", ColumnType.TimestampMicros, Nullable: false),
        new Field("ingested_at", ColumnType.TimestampMicros, Nullable: false),
        new Field(kind, ColumnType.Dictionary, Nullable: false),
        .. more,
    ]);
}
