using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.BusinessSoftware;

/// <summary>The files of a business-software world and their columns.</summary>
internal static class AccountTables
{
    private const string Key = "account_id";

    /// <summary>A row for each state of an account, from <c>valid_from</c> on. The contact is personal data, which no feature may use.</summary>
    public static Schema Accounts { get; } = new(
        new Field(Key, ColumnType.Int64, Nullable: false),
        new Field("created_at", ColumnType.TimestampMicros, Nullable: false),
        new Field("valid_from", ColumnType.TimestampMicros, Nullable: false),
        new Field("plan", ColumnType.Dictionary, Nullable: false),
        new Field("seats", ColumnType.Int32, Nullable: false),
        new Field("price_per_seat", ColumnType.Float64, Nullable: false),
        new Field("billing", ColumnType.Dictionary, Nullable: false),
        new Field("industry", ColumnType.Dictionary),
        new Field("country", ColumnType.Dictionary),
        new Field("contact_name", ColumnType.Dictionary),
        new Field("contact_gender", ColumnType.Dictionary));

    public static Schema Usage { get; } = new([.. LogRows.Fields(Key, "event_type"), new Field("seat", ColumnType.Int32, Nullable: false), new Field("client", ColumnType.Dictionary)]);

    public static Schema Tickets { get; } = new([.. LogRows.Fields(Key, "priority"), new Field("satisfaction", ColumnType.Int32)]);

    public static Schema Invoices { get; } = new([.. LogRows.Fields(Key, "status"), new Field("amount", ColumnType.Float64, Nullable: false)]);

    public static Schema Lifecycle { get; } = new(LogRows.Fields(Key, "change"));

    private static WorldFile[] Own { get; } =
    [
        new("accounts.parquet", Accounts),
        new("usage/part-{0}.parquet", Usage, WorldFile.ParquetRowsPerPart),
        new("tickets.parquet", Tickets),
        new("invoices.parquet", Invoices),
        new("lifecycle.parquet", Lifecycle),
    ];

    /// <summary>Every file there can be.</summary>
    public static IReadOnlyList<WorldFile> Files { get; } = [.. Own, .. TruthRows.AllFiles];

    /// <summary>The files of a world.</summary>
    public static IReadOnlyList<WorldFile> FilesOf(WorldOptions options) => [.. Own, .. TruthRows.FilesOf(options)];
}

/// <summary>What can drift in a business-software world.</summary>
internal sealed class AccountDrifts(WorldOptions options)
{
    public static IReadOnlyList<DriftFeature> All { get; } =
    [
        new("usage", "usage events a week"),
        new("exports", "exports a week"),
        new("tickets", "tickets a week"),
        new("overdue", "probability that an invoice is overdue"),
        new("seats", "seats of accounts created from then on"),
        new("warning_law", "how much warning signs count for churn: the same history then means another risk", DriftKind.Concept),
    ];

    public DriftCurve Usage { get; } = new(options, "usage");
    public DriftCurve Exports { get; } = new(options, "exports");
    public DriftCurve Tickets { get; } = new(options, "tickets");
    public DriftCurve Overdue { get; } = new(options, "overdue");
    public DriftCurve Seats { get; } = new(options, "seats");
    public DriftCurve WarningLaw { get; } = new(options, "warning_law", DriftKind.Concept);
}

/// <summary>Kinds of usage event, as codes into <see cref="AccountWords.Events"/>.</summary>
internal enum UsageKind : byte
{
    Login,
    Report,
    ApiCall,
    Export,
    Invite,
    IntegrationError,
}

/// <summary>Priorities of a ticket, as codes into <see cref="AccountWords.Priorities"/>.</summary>
internal enum Priority : byte
{
    Low,
    Normal,
    Urgent,
}

/// <summary>What became of an invoice, as codes into <see cref="AccountWords.InvoiceStatuses"/>.</summary>
internal enum InvoiceStatus : byte
{
    Paid,
    Overdue,
}

/// <summary>Changes of an account, as codes into <see cref="AccountWords.Changes"/>.</summary>
internal enum Change : byte
{
    SeatsAdded,
    SeatsRemoved,
    Closed,
}

/// <summary>The texts in the files, in the order of their codes.</summary>
internal static class AccountWords
{
    public static readonly string[] Events = ["login", "report", "api_call", "export", "invite", "integration_error"];
    public static readonly string[] Priorities = ["low", "normal", "urgent"];
    public static readonly string[] InvoiceStatuses = ["paid", "overdue"];
    public static readonly string[] Changes = ["seats_added", "seats_removed", "closed"];
    public static readonly string[] Plans = ["starter", "team", "business"];
    public static readonly string[] Billing = ["monthly", "annual"];
    public static readonly string[] Industries = ["retail", "manufacturing", "health", "education", "finance", "media", "logistics"];
    public static readonly string[] Countries = ["DE", "FR", "NL", "PL", "UK", "US"];
    public static readonly string[] Clients = ["web", "desktop", "mobile"];
    public static readonly string[] Genders = ["female", "male"];
    public static readonly string[] Names = ["Alex Berg", "Bo Chen", "Cleo Diaz", "Dana Evans", "Eli Frank", "Fay Green", "Gil Horn", "Ida Jung", "Kim Lang", "Lee Moss", "Max Novak", "Noa Olsen", "Pat Quinn", "Rae Stone", "Sam Turner", "Uma Vogel"];
}
