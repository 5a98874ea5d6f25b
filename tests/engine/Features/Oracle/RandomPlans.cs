using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

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

    /// <summary>Plans of 24 features on worlds of their own; what fails is cut down to the few features that fail.</summary>
    public static Arbitrary<RandomPlan> Any { get; } = Arb.From(
        from world in Gen.Choose(100, 10_000)
        from tenths in Gen.Choose(250, 800)
        from features in Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1).Select(Feature), 24)
        select new RandomPlan(world, tenths / 10.0, features),
        plan => Enumerable.Range(0, plan.Features.Length > 1 ? plan.Features.Length : 0).Select(drop => plan with { Features = [.. plan.Features.Where((_, i) => i != drop)] }));

    /// <summary>The same plans each time, and a clear failure: the smallest plan that fails.</summary>
    public static Config Config(ulong seed, int plans) => FsCheck.Config.QuickThrowOnFailure.WithMaxTest(plans).WithReplay(seed, 1);

    // All that stands between the braces but the name.
    private static string Feature(int seed)
    {
        var random = new Random(seed);
        bool windowed = random.Next(5) > 0;
        bool now = !windowed && random.Next(2) == 0;
        string value = now ? Pick(random, s_now) : random.Next(8) == 0 ? "\"slope(amount, 5d)\"" : Pick(random, s_values);
        bool needsWindow = value.Contains("slope", StringComparison.Ordinal);
        int days = needsWindow ? 5 * random.Next(2, 9) : random.Next(1, 70);
        string where = Pick(random, s_where);
        string window = (windowed && !now) || needsWindow ? $", windows: [{(random.Next(4) > 0 || needsWindow ? days : $"{days * 5}h")}]" : "";
        return string.Create(CultureInfo.InvariantCulture, $"from: events, value: {value}{(where.Length > 0 ? $", where: \"{where}\"" : "")}{window}");
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

/// <summary>A plan and where it is tried.</summary>
/// <param name="World">Seed of the world.</param>
/// <param name="AsOfDays">The instant.</param>
/// <param name="Features">What each feature is; they are called f0, f1 ...</param>
internal sealed record RandomPlan(int World, double AsOfDays, string[] Features)
{
    /// <summary>Lines of `features:`.</summary>
    public string Lines => string.Concat(Features.Select((feature, i) => $"  - {{ name: f{i}, {feature} }}\n"));

    /// <summary>Features of features, by rank, quantile, expression and outlier policy.</summary>
    public string Derived =>
        $"  - {{ name: r, rank: {Name(0)} }}\n  - {{ name: q, quantile: {Name(1)}, parts: 3 }}\n  - {{ name: e, expr: \"coalesce({Name(2)}, 0) / (1 + abs(coalesce({Name(3)}, 1)))\" }}\n"
        + $"  - {{ name: w, difference: [{Name(4)}, {Name(5)}], outliers: \"winsorise(0.1, 0.9)\" }}\n";

    public override string ToString() => $"world {World}, day {AsOfDays}:\n{Lines}";

    private string Name(int feature) => $"f{feature % Features.Length}";
}
