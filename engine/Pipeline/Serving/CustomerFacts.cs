using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>What a request says of one customer.</summary>
/// <remarks>Reads the document of the request, which must live on for as long as this is used.</remarks>
public sealed class CustomerFacts
{
    private static readonly string[] s_ids = ["user_id", "customer_id", "userId", "id"];
    private static readonly string[] s_attributes = ["customer", "attributes"];

    private CustomerFacts(string customer, long asOf) => (Customer, AsOf) = (customer, asOf);

    /// <summary>The key, as text.</summary>
    public string Customer { get; }

    /// <summary>Instant that the question is asked at, microseconds since 1970 UTC.</summary>
    public long AsOf { get; }

    /// <summary>True where the request said the instant itself.</summary>
    public bool HasAsOf { get; private init; }

    /// <summary>Reasons wanted; null: the request does not say.</summary>
    public int? Reasons { get; private init; }

    /// <summary>Features by name; undefined where there are none.</summary>
    internal JsonElement Features { get; private init; }

    /// <summary>Rows under <c>events</c>; undefined where there are none.</summary>
    internal JsonElement Events { get; private init; }

    /// <summary>Attributes of the customer; undefined where there are none.</summary>
    internal JsonElement Attributes { get; private init; }

    /// <summary>Rows by table; undefined where there are none.</summary>
    internal JsonElement Tables { get; private init; }

    /// <summary>True when there is any row to compute features from.</summary>
    internal bool HasRows => !Events.IsNothing() || !Attributes.IsNothing() || !Tables.IsNothing();

    /// <summary>Reads what is said of a customer.</summary>
    /// <param name="body">The request, or an entry of a batch.</param>
    /// <param name="entity">How the plan calls the customer's key; "user_id", "customer_id", "userId" and "id" are understood too.</param>
    /// <param name="now">Where the request says no instant: microseconds since 1970 UTC.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE1201 to CE1204.</remarks>
    public static CustomerFacts Read(JsonElement body, string entity, long now)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw ServingErrors.BadBody("a JSON object", JsonCells.Show(body));
        try
        {
            return ReadObject(body, entity, now);
        }
        catch (InvalidOperationException broken)
        {
            // A text that is no text: half a surrogate pair, or bytes that are no UTF-8.
            throw ServingErrors.BadBody("JSON of whole Unicode text", broken.Message.TrimEnd('.'));
        }
    }

    private static CustomerFacts ReadObject(JsonElement body, string entity, long now)
    {
        JsonElement id = default, asOf = default, reasons = default, features = default, events = default, attributes = default, tables = default;
        foreach (JsonProperty property in body.EnumerateObject())
        {
            string name = property.Name;
            if (name == entity || s_ids.Contains(name))
                id = Once(id, property);
            else if (s_attributes.Contains(name))
                attributes = Once(attributes, property);
            else
            {
                switch (name)
                {
                    case "as_of": asOf = Once(asOf, property); break;
                    case "reasons": reasons = Once(reasons, property); break;
                    case "features": features = Once(features, property); break;
                    case "events": events = Once(events, property); break;
                    case "tables": tables = Once(tables, property); break;
                    default: throw ServingErrors.UnknownKey(name, ["user_id", "as_of", "events", "customer", "tables", "features", "reasons"]);
                }
            }
        }
        if (id.IsNothing())
            throw ServingErrors.Missing("user_id", $"the customer's key ({entity})");
        return new CustomerFacts(JsonCells.Key(id, "user_id"), asOf.IsNothing() ? now : JsonCells.Instant(asOf, ChurnEngine.Features.TimeUnit.None, "as_of"))
        {
            HasAsOf = !asOf.IsNothing(),
            Reasons = reasons.IsNothing() ? null : ReadReasons(reasons),
            Features = features,
            Events = events,
            Attributes = attributes,
            Tables = tables,
        };
    }

    private static int ReadReasons(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is >= 0 and <= ServingModel.MostReasons
        ? count
        : throw ServingErrors.BadValue("reasons", $"a whole number from 0 to {ServingModel.MostReasons}", JsonCells.Show(value));

    private static JsonElement Once(JsonElement there, JsonProperty property) =>
        there.ValueKind == JsonValueKind.Undefined ? property.Value : throw ServingErrors.BadValue(property.Name, "said once", "twice");
}
