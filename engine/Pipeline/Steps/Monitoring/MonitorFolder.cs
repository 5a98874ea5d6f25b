using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChurnEngine.Columns;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>What monitoring leaves: the newest report, one of each instant that was watched, and a page drawn from all of them.</summary>
/// <remarks>
/// <code>
/// monitor.json            the newest report
/// windows/2024-12-26.json one an instant; watched again, it is replaced
/// dashboard.html          drawn from the windows, oldest first
/// </code></remarks>
internal static partial class MonitorFolder
{
    /// <summary>Windows that the page shows at most: the newest.</summary>
    private const int MostWindows = 60;

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Adds a report.</summary>
    /// <returns>Paths of monitor.json and of the page.</returns>
    /// <remarks>Errors: CE1159 when the folder cannot be written to.</remarks>
    public static IReadOnlyList<string> Write(string folder, MonitorReport report, MonitorSettings settings)
    {
        string path = Path.Combine(Path.GetFullPath(folder), MonitorStep.FileName), page = Path.Combine(Path.GetFullPath(folder), MonitorStep.PageName), windows = Path.Combine(Path.GetFullPath(folder), "windows");
        string text = JsonSerializer.Serialize(report, s_json) + "\n";
        try
        {
            FileChanges.CreateFolder(windows);
            if (report.AsOf is { } asOf)
                AtomicFile.WriteText(PathOf(folder, asOf), text);
            AtomicFile.WriteText(path, text);
            AtomicFile.WriteText(page, MonitorPage.Render(Windows(windows, report, settings), settings.Drift.StabilityIndex));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw PipelineErrors.CannotReport(folder, cause);
        }
        return [path, page];
    }

    /// <summary>What was watched at an instant; null when nothing was.</summary>
    public static MonitorReport? Window(string folder, string asOf) => PathOf(folder, asOf) is var path && File.Exists(path) ? TryRead(path) : null;

    /// <summary>Instants that a version was watched at, and said what to expect: microseconds since 1970 UTC.</summary>
    public static IReadOnlyList<long> Watched(string folder, string version)
    {
        string windows = Path.Combine(Path.GetFullPath(folder), "windows");
        if (!Directory.Exists(windows))
            return [];
        List<long> instants = [];
        foreach (string path in Directory.EnumerateFiles(windows, "*.json").Order(StringComparer.Ordinal))
        {
            if (TryRead(path) is { Expected: not null, AsOf: { } asOf, Log: null } report && report.Version == version && InstantText.TryParse(asOf, out long instant))
                instants.Add(instant);
        }
        return instants;
    }

    private static string PathOf(string folder, string asOf) => Path.Combine(Path.GetFullPath(folder), "windows", NotInNames().Replace(asOf, "-") + ".json");

    // Oldest first, the one just watched last: the page is about it. A file that is no report of ours is passed over: it may be of another version, and the page is no place to fail.
    private static List<MonitorWindow> Windows(string folder, MonitorReport newest, MonitorSettings settings)
    {
        var windows = new List<MonitorWindow>();
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (TryRead(path) is { AsOf: { } asOf } report && (newest.AsOf is not { } last || string.CompareOrdinal(asOf, last) < 0))
                windows.Add(WindowOf(report));
        }
        windows.Add(WindowOf(newest) with
        {
            Floors = newest.Measured is not { } measured ? [] : [.. settings.Performance.Floors.OrderBy(floor => floor.Key, StringComparer.Ordinal)
                .Select(floor => (floor.Key, measured.Metrics.GetValueOrDefault(floor.Key, double.NaN), floor.Value))],
        });
        return windows.Count <= MostWindows ? windows : windows[^MostWindows..];
    }

    /// <summary>A report of a file; null where it is none of ours, or cannot be read.</summary>
    internal static MonitorReport? TryRead(string path)
    {
        try
        {
            MonitorReport? report = JsonSerializer.Deserialize<MonitorReport>(File.ReadAllText(path), s_json);
            return report is { Features: not null, Scores.Mean: not null, Alarms: not null } ? report : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static MonitorWindow WindowOf(MonitorReport report) => new(report.AsOf ?? "", report.Version, report.Customers,
        [.. report.Features.Select(feature => new MonitorFeature(feature.Feature, feature.Psi, feature.KolmogorovSmirnov ?? double.NaN, feature.Missing, feature.MissingAtTraining, feature.Verdict == MonitorStep.Drifted)
        {
            NewLevels = feature.NewLevels?.Value ?? double.NaN,
            HasNewCategory = report.Alarms.Any(alarm => alarm.Kind == AlarmKind.NewCategory && alarm.Subject == feature.Feature),
            NewValues = [.. (feature.NewValues ?? []).Select(value => value.Text)],
        })])
    {
        MeanScore = report.Scores.Mean.Value,
        MeanAtTraining = report.Scores.MeanAtTraining ?? double.NaN,
        ScorePsi = report.Scores.Psi ?? double.NaN,
        ScoreShares = [.. (report.Scores.Shares ?? []).Select(share => (share.AtTraining, share.Now))],
        PredictionsADay = report.Log is { } log ? PredictionsADay(log) : double.NaN,
        ExpectedAuc = report.Expected?.RocAuc?.Value ?? double.NaN,
        MeasuredAuc = report.Measured?.Metrics.GetValueOrDefault("roc_auc", double.NaN) ?? double.NaN,
        AucAtTraining = report.Measured?.AucAtTraining ?? double.NaN,
        MeasuredOn = report.Measured?.Design ?? "",
        Foretold = [.. (report.Measured?.Foretold?.Figures ?? []).Select(figure => new MonitorForetold(report.Measured!.Foretold!.AsOf ?? "", figure.Metric, Plain(figure.Expected), figure.Measured, figure.Held))],
        Segments = [.. (report.Measured?.Segments ?? []).SelectMany(column => column.Segments.Select(segment => WindowOf(column.Column, segment)))],
        Arms = [.. (report.Log?.Arms ?? []).Select(arm => new MonitorArm(arm.IsAnswered ? arm.Arm : $"{arm.Arm} (shadow)", arm.Customers, Plain(arm.Scores.Mean), [.. arm.Scores.Verdict == MonitorStep.Drifted ? ["scores"] : Array.Empty<string>(), .. arm.Drifted]))],
        Recalibration = report.Measured?.Recalibration is { } fitted ? string.Create(CultureInfo.InvariantCulture, $"Recalibration of the probabilities to outcomes: slope {fitted.Slope:0.##}, intercept {fitted.Intercept:+0.##;-0.##;0}, p {fitted.PValue:0.0e+0}; it would move them by {fitted.Shift:P1} of their mean.") : "",
        Alarms = [.. report.Alarms.Select(alarm => (alarm.Subject, alarm.Why, alarm.Next))],
    };

    // A log of less than a day is told as if the day went on like that.
    private static double PredictionsADay(LogSummary log) => InstantText.TryParse(log.From, out long first) && InstantText.TryParse(log.Until, out long last)
        ? log.Predictions / Math.Max((last - first) / 86_400e6, 1.0 / 24)
        : double.NaN;

    private static MonitorSegment WindowOf(string column, SegmentFigures segment) => new(column, segment.Segment, segment.Rows, segment.PositiveRate?.Value ?? double.NaN, segment.MeanProbability, Plain(segment.RocAuc),
        segment.ExpectedAuc ?? double.NaN, segment.Precision?.Value ?? double.NaN, segment.Recall?.Value ?? double.NaN, segment.IsJudged ? string.Join(", ", segment.Faults.Select(fault => fault.Metric)) : "too few");

    private static (double Value, double Low, double High) Plain(MonitorFigure? figure) => figure is null ? (double.NaN, double.NaN, double.NaN) : (figure.Value, figure.Low, figure.High);

    [GeneratedRegex("[^0-9A-Za-z-]")]
    private static partial Regex NotInNames();
}
