using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>Hand-made inputs, a few hundred customers, and the requests that go with them.</summary>
internal static class SmallData
{
    public const string EngineVersion = "0.0.0-test";

    public const string Yaml = """
        entity: customer_id
        tables:
          customers: { source: customers.csv, key: customer_id, valid_from: signup_at }
          events:    { source: events.csv, key: customer_id, time: event_at, kind: event_type }
        features:
          - { name: "plays_{w}d", from: events, where: "kind = play", value: count, windows: [30] }
          - { name: tenure_days,  from: customers, value: tenure_days }
        label: { from: events, churned: "kind = cancel within 30d", gap: 0d }

        """;

    private static readonly DateTime s_start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The scalar walk: no native library in these tests' way.</summary>
    public static OpenModelBackend Walk { get; } = model => new WalkBackend(model);

    public static StepContext Context(CancellationToken cancellation = default) => new(new JobBudget { Threads = 2 }, null, cancellation);

    public static TrainRequest Training(string modelPath) => new() { ModelPath = modelPath, EngineVersion = EngineVersion, Overrides = new TrainOverrides { Trees = 20 } };

    public static ScoreRequest Scoring(string directory) => new() { OutputDirectory = directory, EngineVersion = EngineVersion };

    public static ModelChoice Choice(string modelPath) => new(modelPath, Walk);

    /// <summary>Customers who listen less before they leave, over so many months; churn.yaml and two CSV files.</summary>
    public static ProjectConfig Project(TemporaryDirectory folder, int months = 12, string more = "")
    {
        var random = new Random(8);
        var customers = new StringBuilder("customer_id,signup_at\n");
        var events = new StringBuilder("customer_id,event_at,event_type\n");
        Event(events, 1, s_start, "play");
        for (int customer = 1; customer <= 400; customer++)
        {
            customers.Append(CultureInfo.InvariantCulture, $"{customer},{s_start.AddDays(-random.Next(1, 300)):yyyy-MM-dd}\n");
            bool stays = true;
            for (int month = 0; month < months && stays; month++)
            {
                int plays = random.Next(8);
                for (int play = 0; play < plays; play++)
                    Event(events, customer, s_start.AddDays(30 * month + random.Next(28)), "play");
                stays = random.NextDouble() > (plays < 3 ? 0.25 : 0.04);
                if (!stays)
                    Event(events, customer, s_start.AddDays(30 * (month + 1) + 15), "cancel");
            }
        }
        Event(events, 1, s_start.AddDays(30 * (months + 1)), "play");
        folder.Write("project/customers.csv", customers.ToString());
        folder.Write("project/events.csv", events.ToString());
        return ProjectConfig.Load(folder.Write("project/churn.yaml", Yaml + more));
    }

    /// <summary>A plain table with text keys: id, spend, plan, Churn.</summary>
    public static TableInput Table(TemporaryDirectory folder, int rows = 300)
    {
        var random = new Random(9);
        var text = new StringBuilder("id,spend,plan,Churn\n");
        for (int row = 0; row < rows; row++)
        {
            int spend = random.Next(100);
            text.Append(CultureInfo.InvariantCulture, $"c-{row},{(row % 10 == 0 ? "" : $"{spend}")},{(row % 3 == 0 ? "yearly" : "monthly")},{(random.Next(100) > spend ? "yes" : "no")}\n");
        }
        return new TableInput(folder.Write("table.csv", text.ToString()), "id", "Churn");
    }

    private static void Event(StringBuilder events, int customer, DateTime at, string kind) =>
        events.Append(CultureInfo.InvariantCulture, $"{customer},{at:yyyy-MM-dd},{kind}\n");
}
