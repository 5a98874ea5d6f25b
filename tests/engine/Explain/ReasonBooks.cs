using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Explain.Tests;

/// <summary>A model's features with what its plan and its training rows say of them.</summary>
internal static class ReasonBooks
{
    private const long Day = 86_400_000_000;

    public static readonly FeatureInfo[] Features =
    [
        new() { Name = "days_since_play", Unit = "days", Family = "play" },
        new() { Name = "plays_7d", Unit = "count", Family = "play" },
        new() { Name = "plays_30d", Unit = "count", Family = "play" },
        new() { Name = "region", Kind = FeatureKind.Categorical, Categories = ["north", "south, coast"] },
        new() { Name = "spend_30d", Unit = "EUR" },
        new() { Name = "age", Unit = "years" },
    ];

    public static readonly FeatureFact[] Facts =
    [
        new("days_since_play") { Table = "events" },
        new("plays_7d") { Table = "events", WindowMicros = 7 * Day, Source = "events: count where kind = play" },
        new("plays_30d") { Table = "events", WindowMicros = 30 * Day, Source = "events: count where kind = play" },
        new("region") { Table = "customers", TellsColumn = "region" },
        new("spend_30d") { Table = "events", WindowMicros = 30 * Day, Source = "events: sum(amount) where " },
        new("age") { Table = "customers", TellsColumn = "age" },
    ];

    public static readonly FeatureDistribution[] Distributions =
    [
        new([], [1], 0) { Median = 3 }, new([], [1], 0) { Median = 2 }, new([], [1], 0) { Median = 9.5 }, new([], [0.3, 0.7], 0), new([], [1], 0) { Median = 20 }, new([], [1], 0) { Median = 41 },
    ];

    public static readonly float[] Row = [23, 0, 2, 1, 12.5f, float.NaN];

    public static ReasonBook Of(ReasonRules? rules = null) => new(Features, Facts, Distributions, rules ?? ReasonRules.Default);

    public static string Sentence(ReasonBook book, int feature, float value, ReasonDirection direction = ReasonDirection.Raises)
    {
        var text = new Utf8Text();
        book.SentenceOf(feature).Write(text, value, direction);
        return text.ToString();
    }
}
