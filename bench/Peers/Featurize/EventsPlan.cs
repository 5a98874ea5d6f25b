using System.Globalization;
using System.Text;

namespace ChurnEngine.Bench.Peers;

/// <summary>The plan of <see cref="EventsEntry"/>: 30 features as facts-features.md lists them, or 167.</summary>
internal static class EventsPlan
{
    /// <summary>Kinds of the events, about equally often.</summary>
    public const int Kinds = 8;

    public static string Yaml(int features)
    {
        var text = new StringBuilder("""
            entity: customer_id
            tables:
              customers: { source: customers.parquet, valid_from: signup_at }
              events: { source: events.parquet, time: event_at, known: ingested_at, kind: kind }
            features:

            """);
        foreach (string line in features == 30 ? Thirty() : Wide())
            text.Append("  - { ").Append(line).Append(" }\n");
        return text.Append("label: { from: events, churned: \"kind = leave within 30d\" }\n").ToString();
    }

    private static IEnumerable<string> Thirty()
    {
        for (int kind = 0; kind < 3; kind++)
        {
            yield return Event($"n{kind}_{{w}}d", kind, "count", "7, 30, 90");
            yield return Event($"s{kind}_{{w}}d", kind, "sum(amount)", "7, 30, 90");
        }
        for (int kind = 3; kind < 6; kind++)
            yield return Event($"n{kind}_{{w}}d", kind, "count", "30, 90");
        for (int kind = 0; kind < 4; kind++)
            yield return Event($"last{kind}", kind, "recency_days", "");
        yield return Event("max_{w}d", -1, "max(amount)", "30");
        yield return Event("mean_{w}d", -1, "mean(amount)", "30");
    }

    private static IEnumerable<string> Wide()
    {
        const string Windows = "1, 3, 7, 14, 21, 30, 45, 60, 75, 90";
        for (int kind = 0; kind < Kinds; kind++)
        {
            yield return Event($"n{kind}_{{w}}d", kind, "count", Windows);
            yield return Event($"s{kind}_{{w}}d", kind, "sum(amount)", Windows);
        }
        for (int kind = 0; kind < 4; kind++)
            yield return Event($"last{kind}", kind, "recency_days", "");
        yield return Event("max_{w}d", -1, "max(amount)", "30");
        yield return Event("min_{w}d", -1, "min(amount)", "30");
        yield return Event("mean_{w}d", -1, "mean(amount)", "30");
    }

    private static string Event(string name, int kind, string value, string windows) => string.Create(CultureInfo.InvariantCulture,
        $"name: \"{name}\", from: events{(kind < 0 ? "" : $", where: kind = k{kind}")}, value: {value}{(windows.Length == 0 ? "" : $", windows: [{windows}]")}");
}
