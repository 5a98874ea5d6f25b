namespace ChurnEngine.Features.Tests;

/// <summary>The features of <see cref="FeaturePropertyTests"/> by their definition, one at a time, without any shared work.</summary>
internal static class BruteForce
{
    public static IEnumerable<string> AtRisk(World world, double asOf) => world.Customers
        .Where(c => c.Time < World.At(asOf) && c.Known <= World.At(asOf))
        .Select(c => c.Customer).Distinct()
        .Where(c => !world.Events.Any(e => e.Customer == c && e.Kind == "cancel" && e.Time < World.At(asOf) && e.Known <= World.At(asOf)))
        .Select(World.KeyText).Order();

    public static Dictionary<string, float> Row(World world, string key, double asOf)
    {
        long t = World.At(asOf);
        TestEvent[] seen = [.. world.Events.Where(e => World.KeyText(e.Customer) == key && e.Kind != "cancel" && e.Time < t && e.Known <= t)];
        TestCustomer[] rows = [.. world.Customers.Where(c => World.KeyText(c.Customer) == key && c.Time < t && c.Known <= t)
            .OrderBy(c => c.Time).ThenBy(c => c.Known).ThenBy(c => c.Age ?? double.NegativeInfinity).ThenBy(c => c.Plan, StringComparer.Ordinal)];
        IEnumerable<TestEvent> within(double days) => seen.Where(e => e.Time >= World.At(asOf - days));
        float count(string kind, double days) => within(days).Count(e => e.Kind == kind);
        decimal[] paid = [.. within(30).Where(e => e.Kind == "pay" && e.Amount is not null).Select(e => (decimal)e.Amount!.Value)];
        TestEvent? skip = seen.Where(e => e.Kind == "skip").MaxBy(e => e.Time);
        TestEvent? last = seen.OrderBy(e => e.Time).ThenBy(e => e.Known).ThenBy(Class).ThenBy(e => e.Amount ?? double.NegativeInfinity).LastOrDefault();
        TestCustomer now = rows[^1];
        return new Dictionary<string, float>
        {
            ["plays_7d"] = count("play", 7),
            ["plays_30d"] = count("play", 30),
            ["plays_50d"] = count("play", 50),
            ["any_1d"] = within(1).Count(),
            ["any_30d"] = within(30).Count(),
            ["plays"] = seen.Count(e => e.Kind == "play"),
            ["spend_30d"] = (float)within(30).Where(e => e.Kind is "pay" or "play" && e.Amount > 2).Sum(e => (decimal)e.Amount!.Value),
            ["mean_30d"] = paid.Length == 0 ? float.NaN : (float)((double)paid.Sum() / paid.Length),
            ["recency"] = skip is null ? float.NaN : (float)((t - skip.Time) / 86_400_000_000.0),
            ["last_amount"] = (float)(last?.Amount ?? double.NaN),
            ["tenure"] = (float)((t - rows[0].Time) / 86_400_000_000.0),
            ["age"] = (float)(now.Age ?? double.NaN),
            ["plan"] = now.Plan switch { "gold" => 0, "silver" => 1, _ => float.NaN },
            ["trend"] = count("play", 30) == 0 ? float.NaN : (float)(count("play", 7) / 7.0 / (count("play", 30) / 30.0)),
        };
    }

    // Ties: kinds in ordinal order, and within one those that meet the plan's condition later.
    private static int Class(TestEvent e) => (e.Kind switch { "pay" => 2, "play" => 4, _ => 6 }) + (e.Amount > 2 ? 1 : 0);
}
