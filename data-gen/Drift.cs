using System.Globalization;

namespace ChurnEngine.DataGen;

/// <summary>Something of a world that can be made to change.</summary>
/// <param name="Name">As <c>--drift feature=</c> names it.</param>
/// <param name="Meaning">What is multiplied.</param>
internal sealed record DriftFeature(string Name, string Meaning);

/// <summary>From an instant on, something of the world is multiplied by a factor. What was drawn before stays as it was.</summary>
/// <param name="Feature">One of the scenario's features.</param>
/// <param name="From">Seconds since 1970 UTC, at or after the world's first month and before its end.</param>
/// <param name="By">Factor, above 0 and at most 100; 1 changes nothing.</param>
public sealed record Drift(string Feature, long From, double By = Drift.DefaultFactor)
{
    internal const double DefaultFactor = 2;
    internal const double LargestFactor = 100;

    /// <summary>Reads <c>feature=NAME,from=YYYY-MM-DD[,by=FACTOR]</c>, parts in any order.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1808. Whether a world has the feature is for <see cref="WorldOptions.Validate"/> to say.</remarks>
    public static Drift Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string? feature = null;
        long? from = null;
        double? by = null;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] halves = part.Split('=', 2, StringSplitOptions.TrimEntries);
            string value = halves.Length == 2 ? halves[1] : throw DataGenErrors.DriftSyntax(text, $"'{part}' is no NAME=VALUE");
            switch (halves[0])
            {
                case "feature" when feature is null:
                    feature = value;
                    break;
                case "from" when from is null:
                    from = ParseDay(value) ?? throw DataGenErrors.DriftSyntax(text, $"'{value}' is no date");
                    break;
                case "by" when by is null:
                    by = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor) ? factor : throw DataGenErrors.DriftSyntax(text, $"'{value}' is no number");
                    break;
                default:
                    throw DataGenErrors.DriftSyntax(text, $"'{halves[0]}' is said twice or is none of feature, from, by");
            }
        }
        if (string.IsNullOrEmpty(feature) || from is null)
            throw DataGenErrors.DriftSyntax(text, "it needs feature and from");
        return new Drift(feature, from.Value, by ?? DefaultFactor);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"feature={Feature},from={Day(From)},by={By}");

    internal void Validate(Scenario scenario, WorldClock clock)
    {
        if (scenario.Drifts.All(drift => drift.Name != Feature))
            throw DataGenErrors.UnknownDriftFeature(Feature, scenario);
        if (From < WorldClock.Start || From >= clock.End || !(By is > 0 and <= LargestFactor))
            throw DataGenErrors.DriftOutOfRange(this, Day(WorldClock.Start), Day(clock.End));
    }

    private static long? ParseDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds()
            : null;

    private static string Day(long seconds) => WorldClock.ToDate(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The factor of one feature over time: 1 until a drift says otherwise; drifts of one feature multiply.</summary>
internal readonly struct DriftCurve
{
    private readonly Drift[] _drifts;

    public DriftCurve(WorldOptions options, string feature) => _drifts = [.. options.Drifts.Where(drift => drift.Feature == feature)];

    /// <summary>The factor at an instant, in seconds; exactly 1 without a drift.</summary>
    public double At(long instant)
    {
        double factor = 1;
        foreach (Drift drift in _drifts)
            factor *= instant >= drift.From ? drift.By : 1;
        return factor;
    }
}
