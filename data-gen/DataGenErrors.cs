using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>Every error that data-gen can raise.</summary>
internal static class DataGenErrors
{
    public static ChurnConfigException UnknownScenario(string scenario) =>
        new(new ErrorCode(1801), $"unknown scenario '{scenario}'") { Hint = Suggestion.For(scenario, WorldOptions.Scenarios) };

    public static ChurnConfigException CustomersOutOfRange(int customers) =>
        new(new ErrorCode(1802), "the number of customers is out of range")
        {
            Expected = "1 to 20000000",
            Actual = customers.ToString(CultureInfo.InvariantCulture),
            Hint = "set --customers",
        };

    public static ChurnConfigException MonthsOutOfRange(int months) =>
        new(new ErrorCode(1803), "the number of months is out of range")
        {
            Expected = "1 to 60",
            Actual = months.ToString(CultureInfo.InvariantCulture),
            Hint = "set --months",
        };

    public static ChurnConfigException DirectoryNotEmpty(string directory, string entry) =>
        new(new ErrorCode(1804), $"the output folder '{directory}' is not empty")
        {
            Actual = $"'{entry}'",
            Hint = "name a new folder with --out, or empty this one",
        };

    public static ChurnConfigException DirectoryNotWritable(string directory, Exception inner) =>
        new(new ErrorCode(1805), $"the output folder '{directory}' cannot be written", inner)
        {
            Actual = inner.Message.TrimEnd('.'),
            Hint = StorageFault.IsFull(inner) ? "make room on that disk, then run the same command again" : "name a folder with --out that this user has permission to write to",
        };

    public static ChurnTransientException DirectoryInUse(string directory) =>
        new(new ErrorCode(1806), $"another process is writing to the output folder '{directory}'") { Hint = "wait for it to end, or name another folder with --out" };

    public static ChurnConfigException UnknownDriftFeature(string feature, Scenario scenario) =>
        new(new ErrorCode(1807), $"nothing called '{feature}' can drift in scenario '{scenario.Name}'")
        {
            Expected = string.Join("; ", scenario.Drifts.Select(drift => $"{drift.Name}: {drift.Meaning}")),
            Actual = $"'{feature}'",
            Hint = Suggestion.For(feature, scenario.Drifts.Select(drift => drift.Name)),
        };

    public static ChurnConfigException DriftSyntax(string text, string problem) =>
        new(new ErrorCode(1808), $"'{text}' is no drift: {problem}")
        {
            Expected = $"{Drift.Grammar}; kind is one of {string.Join(", ", Drift.KindNames)}, by a factor (2), or the share ({Drift.DefaultShare.ToString(CultureInfo.InvariantCulture)}) of category and missing",
            Hint = "for example --drift feature=plays,from=2024-07-01,by=0.5",
        };

    public static ChurnConfigException UnknownDriftKind(DriftFeature feature, DriftKind kind) =>
        new(new ErrorCode(1807), $"'{feature.Name}' does not change by {Drift.NameOf(kind)}")
        {
            Expected = $"kind={string.Join(" or kind=", feature.Kinds.Select(Drift.NameOf))}",
            Actual = $"kind={Drift.NameOf(kind)}",
            Hint = "`churn generate --help` lists what can change, and how",
        };

    public static ChurnConfigException DriftOutOfRange(Drift drift, string first, string end, double most) =>
        new(new ErrorCode(1809), $"the drift of '{drift.Feature}' lies outside this world")
        {
            Expected = $"from at or after {first} and before {end}, until after from; by above 0, at most {most.ToString(CultureInfo.InvariantCulture)}",
            Actual = drift.ToString(),
            Hint = "change from, until or by of --drift, or --months",
        };

    public static ChurnConfigException TreatmentOutOfRange(double share) =>
        new(new ErrorCode(1810), "the share of customers that get an offer is out of range")
        {
            Expected = "0 to 1",
            Actual = share.ToString(CultureInfo.InvariantCulture),
            Hint = "set --treatment",
        };

    public static ChurnConfigException UnknownExtra(string extra, Scenario scenario) => scenario.Extras.Count == 0
        ? new(new ErrorCode(1811), $"scenario '{scenario.Name}' has no extras") { Actual = $"'{extra}'", Hint = "drop --with; all that this world can have is in it" }
        : new(new ErrorCode(1811), $"scenario '{scenario.Name}' has no extra '{extra}'")
        {
            Expected = $"all, or any of {string.Join(", ", scenario.Extras)}",
            Actual = $"'{extra}'",
            Hint = Suggestion.For(extra, scenario.Extras),
        };
}
