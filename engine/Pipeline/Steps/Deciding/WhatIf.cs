using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Reporting;

namespace ChurnEngine.Pipeline;

/// <summary>The value of the best plan against budget and against daily capacity, the other limit as it is.</summary>
internal static class WhatIf
{
    private const int Points = 20;

    /// <summary>Both curves, from nothing to where more adds nothing, or to what is asked for when that is further.</summary>
    public static IReadOnlyList<WhatIfCurve> Compute(DecisionProblem problem, DecisionOptions options, CancellationToken cancellation)
    {
        double mostMoney = Math.Max(problem.Under(options.Capacity, null, cancellation).Spend, options.Budget ?? 0);
        double mostDaily = Math.Max(Math.Ceiling((double)problem.Under(0, options.Budget, cancellation).Contacts / options.Days), options.Capacity);
        return
        [
            new WhatIfCurve("budget", [.. Steps(mostMoney, share => Math.Round(share * mostMoney, 2)).Select(budget => At(budget, budget == 0 ? null : problem.Under(options.Capacity, budget, cancellation)))]),
            // 0 is no limit to the planner, and no contact here.
            new WhatIfCurve("capacity", [.. Steps(mostDaily, share => Math.Ceiling(share * mostDaily)).Select(daily => At(daily, daily == 0 ? null : problem.Under((int)daily, options.Budget, cancellation)))]),
        ];
    }

    /// <summary>Writes each curve as a picture.</summary>
    /// <returns>Paths of the pictures.</returns>
    public static IReadOnlyList<string> Write(string directory, IReadOnlyList<WhatIfCurve> curves, DecisionReport report, DecisionOptions options)
    {
        List<string> files = [];
        try
        {
            FileChanges.CreateFolder(directory);
            foreach (WhatIfCurve curve in curves)
            {
                bool isBudget = curve.Limit == "budget";
                double? limit = isBudget ? options.Budget : options.Capacity > 0 ? options.Capacity : null;
                ReportPicture picture = DecisionPictures.Draw(new ValueCurve($"value_by_{curve.Limit}", isBudget ? "budget" : "capacity, contacts a day",
                    [.. curve.Points.Select(point => (point.Limit, point.ExpectedValue))], limit is { } at ? (at, report.ExpectedValue) : null));
                string path = Path.Combine(directory, picture.Name + ".svg");
                AtomicFile.WriteText(path, picture.ToFile());
                files.Add(Path.GetFullPath(path));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DecideErrors.CannotWrite(directory, failure);
        }
        return files;
    }

    private static IEnumerable<double> Steps(double most, Func<double, double> at) => Enumerable.Range(0, Points + 1).Select(i => at((double)i / Points)).Where(value => value <= most).Append(most).Distinct().Order();

    private static WhatIfPoint At(double limit, PlanTotals? totals) => new(limit, totals?.ExpectedValue ?? 0, totals?.Contacts ?? 0, totals?.Spend ?? 0);
}
