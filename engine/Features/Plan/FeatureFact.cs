using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>What a plan knows of a feature beyond its column: what reasons, counterfactuals and the check for personal data go by.</summary>
/// <param name="Name">The feature.</param>
public sealed record FeatureFact(string Name)
{
    private const long HourMicros = 3_600_000_000, DayMicros = 24 * HourMicros;

    /// <summary>Length of its window, microseconds; 0 where it looks at all history, or at no rows.</summary>
    public long WindowMicros { get; init; }

    /// <summary>Table, rows and aggregate: features that share them differ in their window alone. Empty without a window.</summary>
    public string Source { get; init; } = "";

    /// <summary>Table that it reads; empty of a feature of features.</summary>
    public string Table { get; init; } = "";

    /// <summary>Column whose value it tells as it stands, such as that of the latest row; empty where it counts, sums or measures time.</summary>
    public string TellsColumn { get; init; } = "";

    /// <summary>Features that it is made of; empty of a feature of rows.</summary>
    public IReadOnlyList<string> MadeOf { get; init; } = [];

    /// <summary>The name in words, without its window: "plays" for plays_7d.</summary>
    public string Subject
    {
        get
        {
            string name = Name;
            foreach ((long length, char letter) in ((long, char)[])[(DayMicros, 'd'), (HourMicros, 'h')])
            {
                string suffix = string.Create(CultureInfo.InvariantCulture, $"_{WindowMicros / length}{letter}");
                if (WindowMicros > 0 && WindowMicros % length == 0 && name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal))
                    name = name[..^suffix.Length];
            }
            return name.Replace('_', ' ').Trim();
        }
    }

    /// <summary>The window in words, such as "30 days"; empty without one.</summary>
    public string Window => WindowMicros == 0 ? "" : WindowMicros % DayMicros == 0 ? Words(WindowMicros / DayMicros, "day") : Words((double)WindowMicros / HourMicros, "hour");

    /// <summary>One for each feature of a plan, in matrix order.</summary>
    public static IReadOnlyList<FeatureFact> Of(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Definitions.Select(feature => new FeatureFact(feature.Name)
        {
            WindowMicros = feature.Window,
            Source = feature.Window > 0 && !feature.IsDerived ? $"{feature.Table}: {feature.Value} where {feature.Where.Canonical}" : "",
            Table = feature.IsDerived ? "" : feature.Table,
            TellsColumn = Tells(feature.Aggregate) ? feature.Column : "",
            MadeOf = [.. feature.Inputs.Select(input => plan.Definitions[input].Name)],
        })];
    }

    private static bool Tells(Aggregate aggregate) => aggregate is Aggregate.Latest or Aggregate.Category or Aggregate.First or Aggregate.Last or Aggregate.Min or Aggregate.Max
        or Aggregate.Mean or Aggregate.DaysSince or Aggregate.DaysUntil;

    private static string Words(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count:0.##} {unit}{(count == 1 ? "" : "s")}");
}
