using System.Globalization;
using System.Text;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A hand-made project in which a support call the day before each month's start announces who cancels in it.</summary>
internal static class LeakingProject
{
    private const int Customers = 600;
    private const int Months = 12;
    private static readonly DateTime s_start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const string Yaml = """
        entity: customer_id
        tables:
          customers: { source: customers.csv, key: customer_id, valid_from: signup_at }
          events:    { source: events.csv, key: customer_id, time: event_at, kind: event_type }
        features:
          - { name: "plays_{w}d",     from: events, where: "kind = play", value: count, windows: [30] }
          - { name: "farewells_{w}d", from: events, where: "kind = farewell", value: count, windows: [7] }
          - { name: tenure_days,      from: customers, value: tenure_days }
        label: { from: events, churned: "kind = cancel within 30d", gap: 0d }
        train: { trees: 10 }

        """;

    /// <summary>Writes churn.yaml and two CSV files and returns the path of the first.</summary>
    public static string Write(TemporaryDirectory folder)
    {
        var random = new Random(4);
        var customers = new StringBuilder("customer_id,signup_at\n");
        var events = new StringBuilder("customer_id,event_at,event_type\n");
        Event(events, 1, s_start, "play");
        for (int customer = 1; customer <= Customers; customer++)
        {
            customers.Append(CultureInfo.InvariantCulture, $"{customer},{s_start.AddDays(-random.Next(1, 300)):yyyy-MM-dd}\n");
            int lastMonth = random.Next(2) == 0 ? Months : random.Next(1, Months);
            for (int month = 0; month < Months && month <= lastMonth; month++)
            {
                DateTime monthStart = s_start.AddDays(30 * month);
                for (int play = random.Next(6); play > 0; play--)
                    Event(events, customer, monthStart.AddDays(random.Next(14)), "play");
                if (month != lastMonth)
                    continue;
                Event(events, customer, monthStart.AddDays(-1), "farewell");
                Event(events, customer, monthStart.AddDays(15), "cancel");
            }
        }
        folder.Write("leak/customers.csv", customers.ToString());
        folder.Write("leak/events.csv", events.ToString());
        return folder.Write("leak/churn.yaml", Yaml);
    }

    private static void Event(StringBuilder events, int customer, DateTime at, string kind) =>
        events.Append(CultureInfo.InvariantCulture, $"{customer},{at:yyyy-MM-dd},{kind}\n");
}
