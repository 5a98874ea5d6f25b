namespace ChurnEngine.Reporting;

/// <summary>What the best plan is worth under other limits.</summary>
/// <param name="Name">File name without ending, such as value_by_budget.</param>
/// <param name="Limit">What is varied, with its unit.</param>
/// <param name="Points">Limit and expected value, limits ascending.</param>
/// <param name="Now">Where the plan stands; null when it has no such limit.</param>
public sealed record ValueCurve(string Name, string Limit, IReadOnlyList<(double Limit, double Value)> Points, (double Limit, double Value)? Now);

/// <summary>Draws what plans would be worth.</summary>
public static class DecisionPictures
{
    /// <summary>A picture of the curve.</summary>
    public static ReportPicture Draw(ValueCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        IEnumerable<(double Limit, double Value)> all = curve.Now is { } now ? curve.Points.Append(now) : curve.Points;
        string title = $"Expected value by {curve.Limit}";
        var plot = new Plot(title, Axis.Over(curve.Limit, all.Select(point => point.Limit)), Axis.Over("expected value", all.Select(point => point.Value)), [new PlotLine("best plan", curve.Points, "c0") { HasDots = true }])
        {
            Marks = curve.Now is { } at ? [(at.Limit, at.Value, "this plan")] : [],
        };
        return new ReportPicture(curve.Name, title, "Where it is steep, more of it earns more than it costs.", plot.Draw());
    }
}
