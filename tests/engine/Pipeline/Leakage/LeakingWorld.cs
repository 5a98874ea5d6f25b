using System.Globalization;
using System.Text;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Leakage;

/// <summary>Customers who play a little less before they leave; and, where asked, something that knows too much.</summary>
internal static class LeakingWorld
{
    private const int Customers = 500;
    private const int Months = 12;
    private static readonly DateTime s_start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes churn.yaml and two CSV files.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="known">Column that the plan takes for the arrival of events; the truth is <c>ingested_at</c>. Null: the plan names none.</param>
    /// <param name="feature">One more feature.</param>
    public static ProjectConfig Write(TemporaryDirectory folder, string? known, string feature = "")
    {
        var random = new Random(6);
        var customers = new StringBuilder("customer_id,signup_at\n");
        var events = new StringBuilder("customer_id,event_at,ingested_at,event_type\n");
        Event(events, 1, s_start, 0, "play");
        for (int customer = 1; customer <= Customers; customer++)
        {
            customers.Append(CultureInfo.InvariantCulture, $"{customer},{s_start.AddDays(-random.Next(1, 300)):yyyy-MM-dd}\n");
            bool stays = true;
            for (int month = 0; month < Months && stays; month++)
            {
                DateTime begins = s_start.AddDays(30 * month), next = begins.AddDays(30);
                int plays = random.Next(8);
                for (int play = 0; play < plays; play++)
                    Event(events, customer, begins.AddDays(random.Next(28)), random.Next(20) == 0 ? 2 : 0, "play");
                stays = random.NextDouble() > (plays < 3 ? 0.3 : 0.08);
                if (stays)
                    continue;
                // The reason for leaving is written down afterwards, under the day of the last bill: the day before the month in which the customer leaves.
                Event(events, customer, next.AddDays(-1), 20, "survey");
                // One in six decides just before the month's end, and the page says so a day before the month begins.
                int leavesOn = random.Next(6) == 0 ? 1 : random.Next(5, 25);
                Event(events, customer, next.AddDays(leavesOn - 2), 0, "cancel_page");
                Event(events, customer, next.AddDays(leavesOn), 0, "cancel");
            }
        }
        Event(events, 1, s_start.AddDays(30 * (Months + 1)), 0, "play");
        folder.Write("leak/customers.csv", customers.ToString());
        folder.Write("leak/events.csv", events.ToString());
        return ProjectConfig.Load(folder.Write("leak/churn.yaml", $$"""
            entity: customer_id
            tables:
              customers: { source: customers.csv, valid_from: signup_at }
              events:    { source: events.csv, time: event_at, {{(known is null ? "" : $"known: {known}, ")}}kind: event_type }
            features:
              - { name: "plays_{w}d", from: events, where: "kind = play", value: count, windows: [30] }
              - { name: tenure_days,  from: customers, value: tenure_days }
              {{feature}}
            label: { from: events, churned: "kind = cancel within 30d", gap: 0d }
            """));
    }

    private static void Event(StringBuilder events, int customer, DateTime at, int daysLate, string kind) =>
        events.Append(CultureInfo.InvariantCulture, $"{customer},{at:yyyy-MM-dd},{at.AddDays(daysLate):yyyy-MM-dd},{kind}\n");
}
