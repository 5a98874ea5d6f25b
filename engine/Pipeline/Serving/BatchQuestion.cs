using System.Text.Json;

namespace ChurnEngine.Pipeline;

/// <summary>A request about many customers.</summary>
public static class BatchQuestion
{
    /// <summary>The customers of <c>{"customers": [ ... ]}</c>, or of a bare list.</summary>
    /// <param name="body">The request.</param>
    /// <param name="most">Customers at most.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnDataException"/> CE1201 to CE1204, CE1211.</remarks>
    public static JsonElement Customers(JsonElement body, int most)
    {
        JsonElement customers = body;
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in body.EnumerateObject())
            {
                if (!property.NameEquals("customers"u8))
                    throw ServingErrors.UnknownKey(Shown(property), ["customers"]);
            }
            if (!body.TryGetProperty("customers"u8, out customers))
                throw ServingErrors.Missing("customers", "a list with an object for each customer");
        }
        if (customers.ValueKind != JsonValueKind.Array)
            throw ServingErrors.BadBody("a list of customers, or an object with one under \"customers\"", JsonCells.Show(customers));
        return customers.GetArrayLength() is var count && count <= most ? customers : throw ServingErrors.TooMany("customers", most, count);
    }

    private static string Shown(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "a name that is no text";
        }
    }
}
