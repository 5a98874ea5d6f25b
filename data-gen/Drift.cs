using System.Globalization;

namespace ChurnEngine.DataGen;

/// <summary>How something of a world changes.</summary>
public enum DriftKind
{
    /// <summary>It is multiplied.</summary>
    Mean,
    /// <summary>Its spread about its mean is multiplied; the mean stays.</summary>
    Variance,
    /// <summary>The law of churn changes: the same history means another risk.</summary>
    Concept,
    /// <summary>A share of the values is one that was never there before.</summary>
    Category,
    /// <summary>A share of the values is lost.</summary>
    Missing,
}

/// <summary>Something of a world that can be made to change.</summary>
/// <param name="Name">As <c>--drift feature=</c> names it.</param>
/// <param name="Meaning">What changes.</param>
/// <param name="Kinds">How it can change; the first is the default.</param>
internal sealed record DriftFeature(string Name, string Meaning, params DriftKind[] Kinds)
{
    /// <summary>How it can change; the first is the default.</summary>
    public DriftKind[] Kinds { get; } = Kinds.Length == 0 ? [DriftKind.Mean] : Kinds;
}

/// <summary>From an instant on, something of the world changes. What was drawn before stays as it was.</summary>
/// <param name="Feature">One of the scenario's features.</param>
/// <param name="From">Seconds since 1970 UTC, at or after the world's first month and before its end.</param>
/// <param name="By">Factor, above 0 and at most 100, of which 1 changes nothing; of a category or of missing values the share, above 0 and at most 1.</param>
public sealed record Drift(string Feature, long From, double By = Drift.DefaultFactor)
{
    internal const double DefaultFactor = 2;
    internal const double DefaultShare = 0.3;
    internal const double LargestFactor = 100;

    /// <summary>How it changes; null: as the feature does by default.</summary>
    public DriftKind? Kind { get; init; }

    /// <summary>When it is over, seconds since 1970 UTC; null: never.</summary>
    public long? Until { get; init; }

    /// <summary>How to write one.</summary>
    internal const string Grammar = "feature=NAME,from=YYYY-MM-DD[,until=YYYY-MM-DD][,kind=KIND][,by=NUMBER]";

    /// <summary>Names of the kinds.</summary>
    internal static IReadOnlyList<string> KindNames { get; } = [.. Enum.GetValues<DriftKind>().Select(NameOf)];

    /// <summary>Reads <c>feature=NAME,from=YYYY-MM-DD[,until=YYYY-MM-DD][,kind=KIND][,by=NUMBER]</c>, parts in any order.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1808. Whether a world has the feature, and knows that kind of it, is for <see cref="WorldOptions.Validate"/> to say.</remarks>
    public static Drift Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] halves = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (halves.Length != 2)
                throw DataGenErrors.DriftSyntax(text, $"'{part}' is no NAME=VALUE");
            if (halves[0] is not ("feature" or "from" or "until" or "kind" or "by") || !parts.TryAdd(halves[0], halves[1]))
                throw DataGenErrors.DriftSyntax(text, $"'{halves[0]}' is said twice or is none of feature, from, until, kind, by");
        }
        if (!parts.TryGetValue("feature", out string? feature) || feature.Length == 0 || !parts.TryGetValue("from", out string? from))
            throw DataGenErrors.DriftSyntax(text, "it needs feature and from");
        DriftKind? kind = parts.TryGetValue("kind", out string? word) ? KindOf(word) ?? throw DataGenErrors.DriftSyntax(text, $"'{word}' is none of {string.Join(", ", KindNames)}") : null;
        double by = kind is DriftKind.Category or DriftKind.Missing ? DefaultShare : DefaultFactor;
        if (parts.TryGetValue("by", out string? number) && !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out by))
            throw DataGenErrors.DriftSyntax(text, $"'{number}' is no number");
        return new Drift(feature, DayOf(text, from), by) { Kind = kind, Until = parts.TryGetValue("until", out string? until) ? DayOf(text, until) : null };
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"feature={Feature},from={Day(From)}{(Until is { } until ? $",until={Day(until)}" : "")}{(Kind is { } kind ? $",kind={NameOf(kind)}" : "")},by={By}");

    internal static string NameOf(DriftKind kind) => kind.ToString().ToLowerInvariant();

    internal void Validate(Scenario scenario, WorldClock clock)
    {
        DriftFeature feature = scenario.Drifts.FirstOrDefault(drift => drift.Name == Feature) ?? throw DataGenErrors.UnknownDriftFeature(Feature, scenario);
        DriftKind kind = Kind ?? feature.Kinds[0];
        if (!feature.Kinds.Contains(kind))
            throw DataGenErrors.UnknownDriftKind(feature, kind);
        // Of a feature that only has such kinds the share may be left out as well.
        bool isShare = kind is DriftKind.Category or DriftKind.Missing;
        if (From < WorldClock.Start || From >= clock.End || Until <= From || !(By > 0 && By <= (isShare ? 1 : LargestFactor)))
            throw DataGenErrors.DriftOutOfRange(this, Day(WorldClock.Start), Day(clock.End), isShare ? 1 : LargestFactor);
    }

    private static DriftKind? KindOf(string word) => KindNames.Contains(word) ? Enum.Parse<DriftKind>(word, ignoreCase: true) : null;

    private static long DayOf(string text, string day) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
            ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds()
            : throw DataGenErrors.DriftSyntax(text, $"'{day}' is no date");

    private static string Day(long seconds) => WorldClock.ToDate(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>How one feature changes over time in one way; drifts of the same feature and kind multiply.</summary>
internal readonly struct DriftCurve
{
    private readonly Drift[] _drifts;

    /// <param name="options">What drifts.</param>
    /// <param name="feature">Its name.</param>
    /// <param name="kind">In which way.</param>
    /// <param name="isDefault">Whether a drift that says no kind is of this one.</param>
    public DriftCurve(WorldOptions options, string feature, DriftKind kind = DriftKind.Mean, bool isDefault = true) =>
        _drifts = [.. options.Drifts.Where(drift => drift.Feature == feature && (drift.Kind == kind || drift.Kind is null && isDefault))];

    /// <summary>True where anything drifts.</summary>
    public bool IsThere => _drifts.Length > 0;

    /// <summary>The factor at an instant, in seconds; exactly 1 without a drift.</summary>
    public double At(long instant)
    {
        double factor = 1;
        foreach (Drift drift in _drifts)
            factor *= IsOn(drift, instant) ? drift.By : 1;
        return factor;
    }

    /// <summary>The share at an instant, in seconds; 0 without a drift, of several the largest.</summary>
    public double ShareAt(long instant)
    {
        double share = 0;
        foreach (Drift drift in _drifts)
            share = IsOn(drift, instant) ? Math.Max(share, drift.By) : share;
        return share;
    }

    private static bool IsOn(Drift drift, long instant) => instant >= drift.From && instant < (drift.Until ?? long.MaxValue);
}
