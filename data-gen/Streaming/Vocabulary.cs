namespace ChurnEngine.DataGen.Streaming;

/// <summary>Kinds of usage event, as codes into <see cref="Vocabulary.EventTypes"/>.</summary>
internal enum EventType : byte
{
    Play,
    Search,
    Like,
    Skip,
    Error,
    Login,
    Cancel,
}

/// <summary>Kinds of support ticket, as codes into <see cref="Vocabulary.TicketKinds"/>.</summary>
internal enum TicketKind : byte
{
    Billing,
    Technical,
    Content,
    Account,
}

/// <summary>What became of a charge, as codes into <see cref="Vocabulary.PaymentStatuses"/>.</summary>
internal enum PaymentStatus : byte
{
    Paid,
    Failed,
}

/// <summary>Subscriptions, as codes into <see cref="Vocabulary.Plans"/>.</summary>
internal enum Plan : byte
{
    Basic,
    Standard,
    Premium,
    Family,
    Student,
}

/// <summary>Ways to pay, as codes into <see cref="Vocabulary.PaymentMethods"/>.</summary>
internal enum PaymentMethod : byte
{
    Card,
    Wallet,
    Bank,
    Mobile,
    /// <summary>Only where a new category was asked for.</summary>
    PayLater,
}

/// <summary>How a customer was won, as codes into <see cref="Vocabulary.Channels"/>.</summary>
internal enum Channel : byte
{
    Organic,
    Search,
    Social,
    Partner,
    Promotion,
    Referral,
    /// <summary>Only where a new category was asked for.</summary>
    Marketplace,
}

/// <summary>The texts in the files, in the order of their codes.</summary>
internal static class Vocabulary
{
    public static readonly string[] EventTypes = ["play", "search", "like", "skip", "error", "login", "cancel"];
    public static readonly string[] TicketKinds = ["billing", "technical", "content", "account"];
    public static readonly string[] PaymentStatuses = ["paid", "failed"];
    public static readonly string[] Plans = ["basic", "standard", "premium", "family", "student"];
    public static readonly string[] PaymentMethods = ["card", "wallet", "bank", "mobile"];
    public static readonly string[] Channels = ["organic", "search", "social", "partner", "promotion", "referral"];
    public static readonly string[] Genders = ["female", "male", "other"];
    public static readonly string[] Regions = ["north", "south", "east", "west", "central", "coast", "islands", "abroad"];
    // Values that nobody has before a drift brings them; a world without one does not name them.
    private const string NewPaymentMethod = "pay_later", NewChannel = "marketplace", NewRegion = "overseas";

    public static readonly string[] Devices = ["phone", "tv", "desktop", "speaker"];

    /// <summary>Code of a region that nobody lived in before.</summary>
    public static int NewRegionCode => Regions.Length;

    /// <summary>Texts of the payment methods of a world.</summary>
    public static string[] PaymentMethodsOf(StreamingDrifts drifts) => drifts.PaymentMethod.HasNew ? [.. PaymentMethods, NewPaymentMethod] : PaymentMethods;

    /// <summary>Texts of the channels of a world.</summary>
    public static string[] ChannelsOf(StreamingDrifts drifts) => drifts.Channel.HasNew ? [.. Channels, NewChannel] : Channels;

    /// <summary>Texts of the regions of a world.</summary>
    public static string[] RegionsOf(StreamingDrifts drifts) => drifts.Region.HasNew ? [.. Regions, NewRegion] : Regions;
}
