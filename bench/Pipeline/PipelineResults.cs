using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>What the stages measured, as entries of the results file: the page is drawn from these alone.</summary>
internal static class PipelineResults
{
    /// <summary>Unit of a fitted growth.</summary>
    public const string Exponent = "exponent";

    /// <summary>Joins a stage and what grows in the name of an entry.</summary>
    public const string By = " by ";

    /// <summary>A row of the table: a stage at a size.</summary>
    public static ResultEntry Stage(StageOutcome outcome, MachineLimits limits)
    {
        double seconds = Sample.Median([.. outcome.Seconds]);
        return new ResultEntry
        {
            Name = outcome.Stage,
            Parameters = Parameters(outcome),
            Unit = "rows/s",
            Value = outcome.Rows / seconds,
            Interval = Sample.MedianInterval([.. outcome.Seconds.Select(one => outcome.Rows / one)]),
            Rows = outcome.Rows,
            Seconds = seconds,
            Limit = outcome.Limit,
            LimitShare = limits.Share(new LimitedWork(outcome.Limit, outcome.LimitUnits), seconds),
            AllocatedBytes = outcome.AllocatedBytes,
            PeakMemoryBytes = outcome.PeakMemoryBytes,
            Note = $"rows are {outcome.RowUnit}",
        };
    }

    /// <summary>The points of an axis, and the exponent fitted through all their rounds.</summary>
    public static IEnumerable<ResultEntry> Growth(GrowthAxis axis, IReadOnlyList<StageOutcome> outcomes)
    {
        string name = outcomes[0].Stage + By + axis.Name;
        foreach (StageOutcome outcome in outcomes)
        {
            double seconds = Sample.Median([.. outcome.Seconds]);
            SortedDictionary<string, string> parameters = Parameters(outcome);
            parameters["size"] = axis.Size(outcome).ToString("R", CultureInfo.InvariantCulture);
            yield return new ResultEntry { Name = name, Parameters = parameters, Unit = "s", Value = seconds, Rows = outcome.Rows, Seconds = seconds, PeakMemoryBytes = outcome.PeakMemoryBytes, Note = axis.Grows };
        }
        (double Size, double Cost)[] points = [.. outcomes.SelectMany(outcome => outcome.Seconds.Select(seconds => (axis.Size(outcome), seconds)))];
        GrowthFit fit = GrowthFit.Of([.. points.Select(point => point.Size)], [.. points.Select(point => point.Cost)]);
        yield return new ResultEntry
        {
            Name = name,
            Parameters = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["from"] = Text(points.Min(point => point.Size)), ["to"] = Text(points.Max(point => point.Size)) },
            Unit = Exponent,
            Value = fit.Exponent,
            Interval = fit.Range,
            Note = axis.Grows,
        };
    }

    private static SortedDictionary<string, string> Parameters(StageOutcome outcome) => new(StringComparer.Ordinal)
    {
        ["customers"] = Text(outcome.Customers),
        ["months"] = Text(outcome.Months),
        ["threads"] = Text(outcome.Threads),
        ["trees"] = Text(outcome.Trees),
        ["snapshots"] = Text(outcome.Snapshots),
        ["features"] = Text(outcome.Features),
    };

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
