using ChurnEngine.DataGen.Streaming;

namespace ChurnEngine.DataGen.Tests;

/// <summary>All the files say of one customer, and what the law of churn looks at, computed the long way round.</summary>
internal sealed class History
{
    private const long Day = 86_400_000_000;
    private readonly List<(long At, string Kind)> _usage = [];
    private readonly List<(long At, string Kind)> _payments = [];
    private readonly List<(long At, string Kind)> _tickets = [];

    public required long SignupAt { get; init; }
    public required int? Age { get; init; }
    public required string? PaymentMethod { get; init; }
    public required string? Channel { get; init; }
    public List<(long From, string Plan, double Price)> Plans { get; } = [];
    public List<(long AsOf, double Probability, long Churned)> Truth { get; } = [];
    public long CancelAt => _usage.Where(e => e.Kind == "cancel").Select(e => e.At).DefaultIfEmpty(long.MaxValue).Single();

    /// <summary>Every n-th customer of a world.</summary>
    public static History[] Sample(CapturedWorld world, int every)
    {
        var histories = new SortedDictionary<long, History>();
        CapturedTable customers = world.Customers;
        for (int row = 0; row < customers.Rows; row++)
        {
            long id = customers.Integers("customer_id")[row];
            if (id % every != 0)
                continue;
            long age = customers.Integers("age")[row];
            if (!histories.TryGetValue(id, out History? history))
                histories[id] = history = new History
                {
                    SignupAt = customers.Integers("signup_at")[row],
                    Age = age == CapturedTable.Null ? null : (int)age,
                    PaymentMethod = customers.Text("payment_method", row),
                    Channel = customers.Text("channel", row),
                };
            bool byPlan = customers.Schema.IndexOf("valid_from") >= 0;
            history.Plans.Add((byPlan ? customers.Integers("valid_from")[row] : long.MinValue, customers.Text("plan", row)!, customers.Reals("monthly_price")[row]));
        }
        Collect(world.Events, "event_type", histories, h => h._usage);
        Collect(world.Payments, "status", histories, h => h._payments);
        Collect(world.Support, "ticket_kind", histories, h => h._tickets);
        for (int row = 0; row < world.Truth.Rows; row++)
        {
            if (histories.TryGetValue(world.Truth.Integers(TruthFile.CustomerId)[row], out History? known))
                known.Truth.Add((world.Truth.Integers(TruthFile.AsOf)[row], world.Truth.Reals(TruthFile.Probability)[row], world.Truth.Integers(TruthFile.Churned)[row]));
        }
        return [.. histories.Values];
    }

    public ObservedHistory Before(long t)
    {
        long lastPlay = _usage.Where(e => e.Kind == "play" && e.At < t).Select(e => e.At).DefaultIfEmpty(SignupAt).Max();
        (_, string plan, double price) = Plans.Last(spell => spell.From < t);
        return new ObservedHistory
        {
            TenureDays = (t - SignupAt) / (double)Day,
            RecencyDays = Math.Min((t - lastPlay) / (double)Day, 60),
            Plays7 = Count(_usage, "play", t, 7),
            Plays30 = Count(_usage, "play", t, 30),
            Plays90 = Count(_usage, "play", t, 90),
            Errors30 = Count(_usage, "error", t, 30),
            FailedPayments90 = Count(_payments, "failed", t, 90),
            Tickets30 = Count(_tickets, null, t, 30),
            BillingTickets30 = Count(_tickets, "billing", t, 30),
            Plan = Enum.Parse<Plan>(plan, ignoreCase: true),
            MonthlyPrice = price,
            Age = Age,
            PaymentMethod = PaymentMethod is null ? null : Enum.Parse<PaymentMethod>(PaymentMethod, ignoreCase: true),
            Channel = Channel is null ? null : Enum.Parse<Channel>(Channel, ignoreCase: true),
        };
    }

    private static int Count(List<(long At, string Kind)> log, string? kind, long t, int days) =>
        log.Count(e => (kind is null || e.Kind == kind) && e.At >= t - days * Day && e.At < t);

    private static void Collect(CapturedTable log, string kind, SortedDictionary<long, History> histories, Func<History, List<(long, string)>> list)
    {
        for (int row = 0; row < log.Rows; row++)
        {
            if (histories.TryGetValue(log.Integers("customer_id")[row], out History? history))
                list(history).Add((log.Integers("event_at")[row], log.Text(kind, row)!));
        }
    }
}
