using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>Events that other systems stumble over: before 1970, at the turn of the clock, millions of one customer.</summary>
public class HostileEventsTests
{
    [Fact]
    public void Compute_EventsBefore1970_CountHoursAndDaysRight()
    {
        // 1969-12-28 was a Sunday.
        FeaturePlan plan = World.Plan("""
              - { name: n, from: events, value: count, windows: [3] }
              - { name: sunday, from: events, where: "weekday = 7 and hour = 23", value: count }
              - { name: days, from: events, value: active_days }
              - { name: streak, from: events, value: streak_days }
              - { name: recency, from: events, value: recency_days }
            """);
        Assert.Equal([2f, 1f, 3f, 2f, 0.5f], Row(plan, [At(1969, 12, 25, 9), At(1969, 12, 28, 23), At(1969, 12, 29, 12)], At(1969, 12, 30, 0)));
    }

    [Theory]
    // In Berlin the clock jumps from 2 to 3 on 31 March 2024, and from 3 back to 2 on 27 October.
    [InlineData(2024, 3, 31, 0, 59, 1)]
    [InlineData(2024, 3, 31, 1, 0, 3)]
    [InlineData(2024, 10, 27, 0, 59, 2)]
    [InlineData(2024, 10, 27, 1, 0, 2)]
    [InlineData(2024, 10, 27, 2, 0, 3)]
    [InlineData(2024, 7, 1, 22, 30, 0)]
    public void Hour_AtTheTurnOfTheClock_IsThatOfTheZone(int year, int month, int day, int hour, int minute, int expected)
    {
        FeaturePlan plan = FeaturePlan.Parse($"time_zone: Europe/Berlin\n{World.Tables}features:\n  - {{ name: n, from: events, where: hour = {expected}, value: count }}\n  - {{ name: all, from: events, value: count }}\n", "churn.yaml");
        Assert.Equal([1f, 1f], Row(plan, [At(year, month, day, hour) + minute * 60_000_000L], At(year + 1, 1, 1, 0)));
    }

    [Fact]
    public void TimeZone_InTheWrittenPlan_SurvivesAndChangesTheHash()
    {
        string features = $"{World.Tables}features:\n  - {{ name: n, from: events, where: hour = 3, value: count }}\n";
        FeaturePlan utc = FeaturePlan.Parse(features, "churn.yaml"), berlin = FeaturePlan.Parse("time_zone: Europe/Berlin\n" + features, "churn.yaml");
        Assert.NotEqual(utc.Hash, berlin.Hash);
        Assert.Equal(berlin.Hash, FeaturePlan.Parse(berlin.ToYaml(), "model").Hash);
    }

    [Fact]
    public void Compute_CustomerWithFiveMillionShuffledEvents_CountsThem()
    {
        const int Count = 5_000_000;
        FeaturePlan plan = World.Plan("""
              - { name: n, from: events, value: count }
              - { name: half, from: events, value: count, windows: [100] }
              - { name: gap, from: events, value: gap_max_days }
              - { name: streak, from: events, value: streak_days }
            """);
        // One every 40 seconds, the odd ones first.
        long end = At(2030, 1, 1, 0);
        long[] times = [.. Enumerable.Range(0, Count).Select(i => end - (i < Count / 2 ? 2L * i + 1 : 2L * (i - Count / 2) + 2) * 40_000_000)];
        Assert.Equal([Count, 100f * 86_400 / 40, 40f / 86_400, 2315f], Row(plan, times, end));
    }

    [Fact]
    public void Where_ThatNoKindMeets_CountsNothingAndWarns()
    {
        FeaturePlan plan = World.Plan("  - { name: n, from: events, where: kind = plya, value: count }");
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 1, "play")] };
        using CustomerData data = world.Load(plan);
        Assert.Contains(data.Warnings, warning => warning.Contains("no row of kind 'plya'; did you mean 'play'?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ name: a, expr: \"b + 1\" }", "unknown feature (an expression takes features defined above it) 'b'")]
    [InlineData("{ name: a, expr: \"a + 1\" }", "unknown feature (an expression takes features defined above it) 'a'")]
    [InlineData("{ name: a, expr: \"lgo(n)\" }", "unknown function 'lgo'")]
    [InlineData("{ name: a, expr: \"min(n)\" }", "min takes 2 arguments and not 1")]
    [InlineData("{ name: a, expr: \"n + \" }", "a value is missing at the end")]
    [InlineData("{ name: a, expr: \"(n\" }", "expected ')' at the end")]
    [InlineData("{ name: a, rank: n, parts: 3 }", "unknown key of rank 'a' 'parts'")]
    [InlineData("{ name: a, quantile: n, parts: 1 }", "`parts` is a whole number from 2")]
    [InlineData("{ name: r, rank: n }\n  - { name: a, rank: r }", "looks at the whole population, and so does 'r'")]
    [InlineData("{ name: a, from: events, value: count, windows: [0] }", "a window is longer than nothing")]
    [InlineData("{ name: a, from: events, value: slope(7d), windows: [10] }", "two periods of 7d or more")]
    [InlineData("{ name: a, from: events, value: slope(7d) }", "`windows` of feature 'a' is missing")]
    [InlineData("{ name: a, from: events, value: sessions }", "does not say what a session is")]
    [InlineData("{ name: a, from: events, where: hour = 25, value: count }", "'25' is no hour")]
    [InlineData("{ name: a, from: events, where: weekday in (0), value: count }", "'0' is no weekday")]
    [InlineData("{ name: a, from: events, value: category(hour) }", "takes the hour for a text")]
    [InlineData("{ name: a, from: events, value: category(browsr(agent)) }", "unknown function of a column 'browsr'")]
    [InlineData("{ name: a, from: events, value: count, outliers: cut }", "unknown outlier policy 'cut'")]
    [InlineData("{ name: a, from: events, value: count, outliers: \"flag(0.9, 0.1)\" }", "the lower share comes first")]
    [InlineData("{ name: a, from: events, value: count, clip: [5, 1] }", "`clip` takes a least and a greatest value")]
    [InlineData("{ name: a, from: events, value: share(kind = cancel) }", "looks at kind 'cancel', which is the label itself")]
    [InlineData("{ name: a, from: events, value: recency_days, windows: [3] }", "takes no windows")]
    public void Parse_BadFeature_SaysWhatIsWrongAndWhere(string feature, string message)
    {
        var error = Assert.Throws<ChurnConfigException>(() => World.Plan($"  - {{ name: n, from: events, value: count }}\n  - {feature}"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Matches("^churn.yaml:[678]: ", error.Message);
        Assert.NotEmpty(error.Hint);
    }

    private static long At(int year, int month, int day, int hour) => (new DateTime(year, month, day, hour, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / 10;

    // The features of one customer, who signed up a century ago, with these events of kind play.
    private static float[] Row(FeaturePlan plan, long[] times, long asOf)
    {
        using RecordBatch customers = Batch([At(1900, 1, 1, 0)], [("customer_id", ColumnType.Int64), ("signup_at", ColumnType.TimestampMicros), ("loaded_at", ColumnType.TimestampMicros)]);
        using RecordBatch events = Batch(times, [("customer_id", ColumnType.Int64), ("event_at", ColumnType.TimestampMicros), ("ingested_at", ColumnType.TimestampMicros)]);
        using CustomerData data = CustomerData.Load(plan, new Dictionary<string, RecordBatch> { ["customers"] = customers, ["events"] = events });
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute(asOf, Population.Scoring, new JobBudget { Threads = 1 }, default);
        return snapshot.Matrix.Row(0).ToArray();
    }

    private static RecordBatch Batch(long[] times, (string Name, ColumnType Type)[] fields)
    {
        var schema = new Schema([.. fields.Select(f => new Field(f.Name, f.Type)), new Field("event_type", ColumnType.Utf8)]);
        using var kinds = new Utf8Builder();
        foreach (long _ in times)
            kinds.Append("play");
        return new RecordBatch(schema, [.. fields.Select(f => f.Type == ColumnType.Int64 ? Column(f.Type, new long[times.Length]) : Column(f.Type, times)), kinds.Build()], times.Length);
    }

    private static PrimitiveColumn<long> Column(ColumnType type, long[] values) => new(type, NativeBuffer<long>.CopyOf(values), values.Length);
}
