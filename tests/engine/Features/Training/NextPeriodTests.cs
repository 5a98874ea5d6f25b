using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>Labels over the next calendar month, quarter or year.</summary>
public class NextPeriodTests
{
    private const double Micro = 1 / 86_400_000_000.0;
    private const string Feature = "  - { name: n, from: events, value: count }";
    private const string Month = "label: { churned: \"kind = cancel within next month\" }";

    [Theory]
    [InlineData("2024-01-31", "month", "UTC", "2024-02-01", "2024-03-01")] // a leap year
    [InlineData("2024-02-01", "month", "UTC", "2024-02-01", "2024-03-01")]
    [InlineData("2023-02-01", "month", "UTC", "2023-02-01", "2023-03-01")]
    [InlineData("2024-02-01T00:00:00.000001Z", "month", "UTC", "2024-03-01", "2024-04-01")]
    [InlineData("2024-12-15", "month", "UTC", "2025-01-01", "2025-02-01")]
    [InlineData("2024-02-01", "quarter", "UTC", "2024-04-01", "2024-07-01")]
    [InlineData("2024-10-01", "quarter", "UTC", "2024-10-01", "2025-01-01")]
    [InlineData("2024-02-01", "year", "UTC", "2025-01-01", "2026-01-01")]
    [InlineData("2024-03-01", "month", "Europe/Berlin", "2024-03-31T22:00:00Z", "2024-04-30T22:00:00Z")] // midnight of March was an hour ago
    [InlineData("2024-02-29T23:00:00Z", "month", "Europe/Berlin", "2024-02-29T23:00:00Z", "2024-03-31T22:00:00Z")] // an hour less: clocks went forward
    [InlineData("2017-09-15", "month", "America/Asuncion", "2017-10-01T04:00:00Z", "2017-11-01T03:00:00Z")] // at midnight clocks went forward
    [InlineData("1969-11-30", "month", "UTC", "1969-12-01", "1970-01-01")]
    public void WindowAt_AnyInstant_IsTheNextPeriodThatBegins(string asOf, string word, string zone, string from, string end)
    {
        LabelRule label = World.Plan(Feature, $"label: {{ churned: \"kind = cancel within next {word}\" }}\ntime_zone: {zone}").Label!;
        Assert.Equal((Instant(from), Instant(end)), label.WindowAt(Instant(asOf)));
        Assert.Equal(asOf == from, label.BeginsAt(Instant(asOf)));
    }

    [Fact]
    public void Propose_ThirteenMonths_StandsAtTheirBegins()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 12.5, "play"), new(1, 400, "play")] };
        // 90 days from January 13 is April 12.
        string[] begins = ["2024-05-01", "2024-06-01", "2024-07-01", "2024-08-01", "2024-09-01", "2024-10-01", "2024-11-01", "2024-12-01", "2025-01-01"];
        Assert.Equal(begins, Proposed(world, Month));
        Assert.Equal(["2024-04-24", "2024-05-25", "2024-06-24", "2024-07-25", "2024-08-25", "2024-09-24", "2024-10-25", "2024-11-24", "2024-12-25"], Proposed(world, Month.Replace(" }", ", gap: 7d }", StringComparison.Ordinal)));
        Assert.Equal(["2024-06-30T22:00:00Z", "2024-09-30T22:00:00Z"], Proposed(world, Month.Replace("month", "quarter", StringComparison.Ordinal) + "\ntime_zone: Europe/Berlin"));
    }

    [Theory]
    [InlineData(60, 1f)] // March 1
    [InlineData(91 - Micro, 1f)]
    [InlineData(91, 0f)] // April 1
    [InlineData(31, 1f, 31.0, 29)] // February, of 29 days
    [InlineData(60 - Micro, 1f, 31.0, 29)]
    [InlineData(60, 0f, 31.0, 29)]
    [InlineData(59, null, 45.0, 29)] // February 15: who leaves before March begins is neither
    [InlineData(60, 1f, 45.0, 31)]
    public void Event_ByTheCalendar_IsChurnInTheNextMonth(double cancelAt, float? expected, double asOf = 60, int days = 31)
    {
        var world = new World { Customers = [new(1, 0), new(2, 0)], Events = [new(1, 5, "play"), new(1, cancelAt, "cancel"), new(2, 300, "play")] };
        FeaturePlan plan = World.Plan(Feature, Month);
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(asOf)] }, CancellationToken.None);
        Assert.Equal(expected, set.Labels.Length == 2 ? set.Labels[0] : null);
        Assert.True(asOf == 45 || plan.Label!.WindowAt(World.At(asOf)).End == World.At(asOf + days));
    }

    [Fact]
    public void Target_NextMonth_SumsTheMonthWhateverItsLength()
    {
        var world = new World { Customers = [new(1, 0)], Events = [.. Enumerable.Range(0, 200).Select(day => new TestEvent(1, day, "pay", 1)), new(1, 300, "play")] };
        FeaturePlan plan = World.Plan(Feature, "label: { target: \"sum(amount) within next month\", from: events }");
        using CustomerData data = world.Load(plan);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(31), World.At(60), World.At(91), World.At(100)] }, CancellationToken.None);
        Assert.Equal([29f, 31, 30, 31], set.Labels);
    }

    [Fact]
    public void Check_MonthNotOver_IsCensored()
    {
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 5, "play"), new(1, 121, "play")] };
        FeaturePlan plan = World.Plan(Feature, Month);
        using CustomerData data = world.Load(plan);
        SnapshotCalendar calendar = SnapshotCalendar.Check(data, [World.At(91), World.At(92)]);
        Assert.Equal([World.At(91)], calendar.Usable); // April ends with day 121; of May nothing is known
        Assert.Equal([World.At(92)], calendar.Censored.Select(censored => censored.AsOf));
    }

    [Fact]
    public void Parse_Canonical_ReadsBackAsTheSamePlan()
    {
        FeaturePlan plan = World.Plan(Feature, "label: { churned: \"kind = cancel within next month or inactive 21d\", gap: 7d }\ntime_zone: Europe/Berlin");
        FeaturePlan again = FeaturePlan.Parse(plan.ToYaml(), "model");
        Assert.Equal(plan.Hash, again.Hash);
        Assert.Equal(plan.Label!.WindowAt(World.At(100)), again.Label!.WindowAt(World.At(100)));
        Assert.Contains("first calendar month that begins at or after t + 7d", PlanExplanation.OfLabel(plan), StringComparison.Ordinal);
        Assert.NotEqual(World.Plan(Feature, Month).Hash, World.Plan(Feature, Month.Replace("month", "year", StringComparison.Ordinal)).Hash);
    }

    [Theory]
    [InlineData("churned: \"kind = cancel within next fortnight\"", 3002, "month, quarter, year")]
    [InlineData("churned: \"kind = cancel within next month or inactive 21d within 30d\"", 3001, "one horizon")]
    [InlineData("churned: \"kind = cancel within next\"", 3001, "calendar period")]
    [InlineData("target: \"slope(7d) within next month\", from: events", 3046, "two periods of 7d")]
    public void Parse_WhatCannotBe_SaysWhy(string label, int code, string says)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => World.Plan(Feature, $"label: {{ {label} }}"));
        Assert.Equal(code, error.Code.Number);
        Assert.Contains(says, error.Message + error.Actual + error.Hint, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Proposed(World world, string label)
    {
        FeaturePlan plan = World.Plan(Feature, label);
        using CustomerData data = world.Load(plan);
        return SnapshotCalendar.Propose(data).Usable.Select(InstantText.Format);
    }

    private static long Instant(string text) => InstantText.TryParse(text, out long micros) ? micros : throw new FormatException(text);
}
