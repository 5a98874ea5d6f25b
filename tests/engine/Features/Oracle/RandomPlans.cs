using System.Globalization;
using System.Text;

namespace ChurnEngine.Features.Tests.Oracle;

/// <summary>Plans with features drawn from the whole language over an <see cref="OracleWorld"/>.</summary>
internal static class RandomPlans
{
    private static readonly string[] s_where =
    [
        "", "kind = play", "kind != pay", "kind in (play, skip)", "kind not in (pay, skip)", "level = paid", "level != free", "level in (free, trial)", "amount > 10", "amount <= 5.5",
        "hour >= 18", "hour < 7", "weekday in (1, 5)", "weekday >= 6", "kind = pay and amount > 0", "kind = play and level = free and hour < 12", "item = 3",
    ];

    private static readonly string[] s_values =
    [
        "count", "active_days", "streak_days", "sum(amount)", "mean(amount)", "min(amount)", "max(amount)", "std(amount)", "first(amount)", "last(amount)", "distinct(item)", "distinct(kind)",
        "distinct(os(agent))", "entropy(level)", "entropy(hour)", "share(kind = skip)", "share(amount > 20)", "share(weekday >= 6)", "gap_mean_days", "gap_std_days", "gap_max_days", "sessions",
        "session_minutes", "session_items", "session_gap_days", "session_short_share(30m)", "changes(level)", "changes(item)", "\"changes(level, paid, free)\"", "time_share(level = trial)",
    ];

    private static readonly string[] s_now = ["recency_days", "tenure_days", "days_since_change(level)", "days_since_change(item)", "amount", "item"];

    /// <summary>Lines of `features:`; all but the last few look at rows.</summary>
    public static string Features(int seed, int count = 24)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            bool windowed = random.Next(5) > 0;
            bool now = !windowed && random.Next(2) == 0;
            string value = now ? Pick(random, s_now) : random.Next(8) == 0 ? "\"slope(amount, 5d)\"" : Pick(random, s_values);
            int days = value.Contains("slope", StringComparison.Ordinal) ? 5 * random.Next(2, 9) : random.Next(1, 70);
            bool needsWindow = value.Contains("slope", StringComparison.Ordinal);
            string where = Pick(random, s_where);
            string window = (windowed && !now) || needsWindow ? $", windows: [{(random.Next(4) > 0 || needsWindow ? days : $"{days * 5}h")}]" : "";
            text.Append(CultureInfo.InvariantCulture, $"  - {{ name: f{i}, from: events, value: {value}{(where.Length > 0 ? $", where: \"{where}\"" : "")}{window} }}\n");
        }
        return text.ToString();
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
