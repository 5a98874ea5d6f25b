using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Telecom;

/// <summary>The files of a telecom world and their columns.</summary>
internal static class TelecomTables
{
    public static Schema Subscribers { get; } = new(
        new Field("customer_id", ColumnType.Int64, Nullable: false),
        new Field("joined_at", ColumnType.TimestampMicros, Nullable: false),
        new Field("gender", ColumnType.Dictionary),
        new Field("senior", ColumnType.Boolean, Nullable: false),
        new Field("partner", ColumnType.Boolean),
        new Field("dependents", ColumnType.Boolean),
        new Field("region", ColumnType.Dictionary));

    /// <summary>One row a customer and month. <c>period</c> is the month's start, <c>loaded_at</c> when its books were in; the row of the month in which a customer leaves says so.</summary>
    public static Schema Months { get; } = new(
        new Field("customer_id", ColumnType.Int64, Nullable: false),
        new Field("period", ColumnType.TimestampMicros, Nullable: false),
        new Field("loaded_at", ColumnType.TimestampMicros, Nullable: false),
        new Field("status", ColumnType.Dictionary, Nullable: false),
        new Field("contract", ColumnType.Dictionary, Nullable: false),
        new Field("contract_ends_at", ColumnType.TimestampMicros),
        new Field("auto_renew", ColumnType.Boolean, Nullable: false),
        new Field("internet", ColumnType.Dictionary, Nullable: false),
        new Field("payment_method", ColumnType.Dictionary),
        new Field("add_ons", ColumnType.Int32, Nullable: false),
        new Field("list_price", ColumnType.Float64, Nullable: false),
        new Field("monthly_charge", ColumnType.Float64, Nullable: false),
        new Field("data_gb", ColumnType.Float64),
        new Field("call_minutes", ColumnType.Float64),
        new Field("dropped_calls", ColumnType.Int32, Nullable: false),
        new Field("tickets", ColumnType.Int32, Nullable: false),
        new Field("late_payments", ColumnType.Int32, Nullable: false),
        new Field("contract_months_left", ColumnType.Float64),
        new Field("app_logins", ColumnType.Int32));

    private static WorldFile[] Own { get; } =
    [
        new("customers.parquet", Subscribers),
        new("months/part-{0}.parquet", Months, WorldFile.ParquetRowsPerPart),
    ];

    /// <summary>Every file there can be.</summary>
    public static IReadOnlyList<WorldFile> Files { get; } = [.. Own, .. TruthRows.AllFiles];

    /// <summary>The files of a world.</summary>
    public static IReadOnlyList<WorldFile> FilesOf(WorldOptions options) => [.. Own, .. TruthRows.FilesOf(options)];
}

/// <summary>What can drift in a telecom world.</summary>
internal sealed class TelecomDrifts(WorldOptions options)
{
    public static IReadOnlyList<DriftFeature> All { get; } =
    [
        new("monthly_charge", "every charge"),
        new("data_gb", "data used in a month"),
        new("dropped_calls", "dropped calls in a month"),
        new("tickets", "tickets in a month"),
        new("late_payments", "probability of a late payment"),
        new("service_law", "how much tickets, dropped calls and late payments count for churn: the same history then means another risk", DriftKind.Concept),
    ];

    public DriftCurve MonthlyCharge { get; } = new(options, "monthly_charge");
    public DriftCurve DataGb { get; } = new(options, "data_gb");
    public DriftCurve DroppedCalls { get; } = new(options, "dropped_calls");
    public DriftCurve Tickets { get; } = new(options, "tickets");
    public DriftCurve LatePayments { get; } = new(options, "late_payments");
    public DriftCurve ServiceLaw { get; } = new(options, "service_law", DriftKind.Concept);
}

/// <summary>Contracts, as codes into <see cref="TelecomWords.Contracts"/>.</summary>
internal enum Contract : byte
{
    Monthly,
    OneYear,
    TwoYears,
}

/// <summary>Internet access, as codes into <see cref="TelecomWords.Internet"/>.</summary>
internal enum Access : byte
{
    None,
    Dsl,
    Fiber,
}

/// <summary>Ways to pay, as codes into <see cref="TelecomWords.PaymentMethods"/>.</summary>
internal enum Payment : byte
{
    Card,
    Transfer,
    Cheque,
    Invoice,
}

/// <summary>The texts in the files, in the order of their codes.</summary>
internal static class TelecomWords
{
    public static readonly string[] Statuses = ["active", "left"];
    public static readonly string[] Contracts = ["month-to-month", "one-year", "two-year"];
    public static readonly string[] Internet = ["none", "dsl", "fiber"];
    public static readonly string[] PaymentMethods = ["card", "bank transfer", "electronic cheque", "invoice"];
    public static readonly string[] Genders = ["female", "male"];
    public static readonly string[] Regions = ["north", "south", "east", "west", "metro"];
}
