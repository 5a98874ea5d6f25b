using System.Globalization;

namespace ChurnEngine.Reporting;

/// <summary>Draws what features do to the predictions of a cohort: how much, which way, and at which values.</summary>
internal static class ShapPictures
{
    private const int MostDependence = 4, MostLevels = 12, MostDots = 250;
    private const double Tail = 0.01;

    /// <summary>Importance, beeswarm and dependence; none without a sample.</summary>
    public static IEnumerable<ReportPicture> Draw(ShapSample sample)
    {
        if (sample.Features.Count == 0)
            yield break;
        string rows = sample.Rows.ToString("N0", CultureInfo.InvariantCulture);
        yield return new ReportPicture("shap_importance", "Importance: mean of absolute SHAP values", $"How far each feature moves the log-odds of these {rows} customers on average, up or down.",
            new Bars("Mean absolute SHAP value", [.. sample.Features.Select(feature => new Bar(feature.Name, feature.MeanAbsolute, feature.MeanAbsolute.ToString("0.####", CultureInfo.InvariantCulture)))], "c3").Draw());
        int every = (sample.Rows + MostDots - 1) / MostDots;
        Swarm[] swarms = [.. sample.Features.Select(feature => new Swarm(feature.Name, [.. Shaded(feature).Where((_, row) => row % every == 0)]))];
        yield return new ReportPicture("shap_beeswarm", "What raises and what lowers the risk", "A dot a customer: to the right the feature raises the log-odds of leaving; its colour says whether the value is low or high.",
            new Beeswarm("Beeswarm of SHAP values", Axis.Over("log-odds", swarms.SelectMany(swarm => swarm.Dots.Select(dot => dot.X))), swarms).Draw());
        int number = 1;
        foreach (ShapFeature feature in sample.Features.Take(MostDependence))
            yield return feature.Categories.Count > 0 ? ByCategory(feature, number++) : ByValue(feature, number++);
    }

    // The shade is the rank among the values, so that an outlier does not leave the others one colour.
    private static (double X, double Shade)[] Shaded(ShapFeature feature)
    {
        float[] sorted = [.. feature.Values.Where(float.IsFinite).Order()];
        return [.. feature.Values.Select((value, row) => ((double)feature.LogOdds[row], feature.Categories.Count > 0 || !float.IsFinite(value) ? double.NaN : Rank(sorted, value)))];
    }

    private static double Rank(float[] sorted, float value)
    {
        int below = LowerBound(sorted, value), upTo = LowerBound(sorted, MathF.BitIncrement(value));
        return sorted.Length == 0 ? 0 : (below + upTo) / 2.0 / sorted.Length;
    }

    private static int LowerBound(float[] sorted, float value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static ReportPicture ByValue(ShapFeature feature, int number)
    {
        (double X, double Y)[] points = [.. feature.Values.Select((value, row) => ((double)value, (double)feature.LogOdds[row])).Where(point => double.IsFinite(point.Item1))];
        double[] sorted = [.. points.Select(point => point.X).Order()];
        if (sorted.Length > 0)
        {
            double low = sorted[(int)(Tail * (sorted.Length - 1))], high = sorted[(int)((1 - Tail) * (sorted.Length - 1))];
            points = [.. points.Where(point => point.X >= low && point.X <= high)];
        }
        Plot plot = new($"Dependence on {feature.Name}", Axis.Over(feature.Name, points.Select(point => point.X), fromZero: false), Axis.Over("log-odds", points.Select(point => point.Y)), [])
        {
            Dots = points,
        };
        return new ReportPicture($"shap_dependence_{number}", $"How {feature.Name} acts", "A dot a customer: the value, and what it does to the log-odds; the spread at one value is what other features add. The outermost hundredths are left out.", plot.Draw());
    }

    private static ReportPicture ByCategory(ShapFeature feature, int number)
    {
        Bar[] bars = [.. feature.Values.Select((value, row) => (Code: float.IsFinite(value) ? (int)value : -1, LogOdds: (double)feature.LogOdds[row])).GroupBy(point => point.Code)
            .OrderByDescending(level => level.Count()).ThenBy(level => level.Key).Take(MostLevels)
            .Select(level => (Name: level.Key >= 0 && level.Key < feature.Categories.Count ? feature.Categories[level.Key] : "(missing)", Mean: level.Average(point => point.LogOdds), Rows: level.Count()))
            .Select(level => new Bar(string.Create(CultureInfo.InvariantCulture, $"{level.Name} ({level.Rows:N0})"), level.Mean, level.Mean.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture)))];
        return new ReportPicture($"shap_dependence_{number}", $"How {feature.Name} acts", "Mean log-odds that each value adds, with the customers of the sample that have it.", new Bars($"Dependence on {feature.Name}", bars, "c3").Draw());
    }
}
