using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting;

/// <summary>A picture of the report.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Caption">Heading.</param>
/// <param name="Note">How to read it, in a sentence.</param>
/// <param name="Picture">The SVG element.</param>
public sealed record ReportPicture(string Name, string Caption, string Note, XElement Picture)
{
    /// <summary>The picture as a file of its own, with its style in it.</summary>
    public string ToFile()
    {
        var whole = new XElement(Picture);
        whole.AddFirst(new XElement(Svg.Space + "style", ChartStyle.Css));
        return whole.ToString(SaveOptions.DisableFormatting) + "\n";
    }
}

/// <summary>Draws the pictures of an evaluation.</summary>
public static class EvaluationPictures
{
    private static readonly string[] s_styles = ["c0", "c1", "c2", "c3"];

    /// <summary>All pictures that the data allows, in the order of the page.</summary>
    /// <param name="data">The report.</param>
    public static IReadOnlyList<ReportPicture> Draw(EvaluationData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        List<ReportPicture> pictures = [Roc(data), PrecisionRecall(data), ReliabilityOf(data), Gain(data), Lift(data), Histogram(data), Cells(data), Cost(data)];
        if (data.Importance.Count > 0)
            pictures.Add(new ReportPicture("importance", $"Importance: {data.ImportanceOf}", "What the model learnt from in training, whether or not it holds on other rows.", BarsOf("Importance", data.Importance, "c0", value => value.ToString("0.####", CultureInfo.InvariantCulture))));
        if (data.Permutation.Count > 0)
            pictures.Add(new ReportPicture("permutation", $"Permutation importance ({data.PermutationMetric})", "What the metric loses when the feature is shuffled among these rows; the whisker is one standard deviation.", BarsOf("Permutation importance", data.Permutation, "c2", value => value.ToString("0.#####", CultureInfo.InvariantCulture))));
        if (data.Shap is { } sample)
            pictures.AddRange(ShapPictures.Draw(sample));
        if (data.Learning is { Train.Count: > 1 } learning)
            pictures.Add(LearningOf(learning));
        if (data.Errors is { OfFalsePositives.Count: > 0 } falseAlarms)
            pictures.Add(new ReportPicture("errors_false_positives", $"What {falseAlarms.FalsePositives.ToString("N0", CultureInfo.InvariantCulture)} false alarms have in common", "Flagged and stayed, against those rightly left alone: difference in standard deviations.", Traits("False alarms", falseAlarms.OfFalsePositives)));
        if (data.Errors is { OfFalseNegatives.Count: > 0 } missed)
            pictures.Add(new ReportPicture("errors_false_negatives", $"What {missed.FalseNegatives.ToString("N0", CultureInfo.InvariantCulture)} missed churners have in common", "Missed, against those rightly flagged: difference in standard deviations.", Traits("Missed churners", missed.OfFalseNegatives)));
        return pictures;
    }

    private static ReportPicture Roc(EvaluationData data)
    {
        IReadOnlyList<PlotLine> lines = Lines(data, (curve, point) => ((double)(point.Flagged - point.TruePositives) / Math.Max(1, curve.Rows - curve.Positives), (double)point.TruePositives / Math.Max(1, curve.Positives)));
        (double x, double y) = (Share(data.Confusion.FalsePositives, data.Confusion.FalsePositives + data.Confusion.TrueNegatives), data.Confusion.Recall);
        Plot plot = new("ROC curve", new Axis("false positive rate", 0, 1, true), new Axis("recall", 0, 1, true), lines) { Guide = [(0, 0), (1, 1)], Marks = [(x, y, "threshold")] };
        return new ReportPicture("roc", $"ROC curve, AUC {Text(data, "roc_auc")}", "How many churners are found for how many false alarms; dashed is chance.", plot.Draw());
    }

    private static ReportPicture PrecisionRecall(EvaluationData data)
    {
        double rate = data.Metrics.GetValueOrDefault("positive_rate");
        PlotLine[] lines = [.. Lines(data, (curve, point) => ((double)point.TruePositives / Math.Max(1, curve.Positives), point.Flagged == 0 ? double.NaN : (double)point.TruePositives / point.Flagged)).Select(line => line with { Points = [.. line.Points.Where(point => !double.IsNaN(point.Y))] })];
        Plot plot = new("Precision-recall curve", new Axis("recall", 0, 1, true), new Axis("precision", 0, 1, true), lines) { Guide = [(0, rate), (1, rate)], Marks = [(data.Confusion.Recall, data.Confusion.Precision, "threshold")] };
        return new ReportPicture("precision_recall", $"Precision and recall, average precision {Text(data, "pr_auc")}", "How many of the flagged really leave, the more of the churners are found; dashed is the churn rate.", plot.Draw());
    }

    private static ReportPicture ReliabilityOf(EvaluationData data)
    {
        (double, double)[] after = [.. data.Reliability.Select(bin => (bin.MeanProbability, bin.PositiveRate))], before = [.. data.ReliabilityBefore.Select(point => (point.X, point.Y))];
        Axis axis = Axis.Over("", after.Concat(before).SelectMany(point => (double[])[point.Item1, point.Item2]), isShare: true);
        axis = axis with { High = Math.Min(1, axis.High) };
        PlotLine[] lines = [new PlotLine("calibrated, these rows", after, "c0") { HasDots = true }, new PlotLine(before.Length > 0 ? "before, rows of calibration" : "", before, "c3") { HasDots = true }];
        Plot plot = new("Reliability", axis with { Name = "predicted probability" }, axis with { Name = "share that left" }, lines) { Guide = [(axis.Low, axis.Low), (axis.High, axis.High)] };
        return new ReportPicture("reliability", $"Reliability, ECE {Text(data, "ece")}", "Bins of equal mass: on the dashed line a probability means what it says.", plot.Draw());
    }

    private static ReportPicture Gain(EvaluationData data)
    {
        IReadOnlyList<PlotLine> lines = Lines(data, (curve, point) => ((double)point.Flagged / curve.Rows, (double)point.TruePositives / Math.Max(1, curve.Positives)));
        double flagged = Share(data.Confusion.TruePositives + data.Confusion.FalsePositives, (long)data.Metrics["rows"]);
        Plot plot = new("Gain", new Axis("share of customers contacted", 0, 1, true), new Axis("share of churners reached", 0, 1, true), lines) { Guide = [(0, 0), (1, 1)], Marks = [(flagged, data.Confusion.Recall, "threshold")] };
        return new ReportPicture("gain", "Gain: churners reached", "Contact the riskiest first: dashed is contacting at random.", plot.Draw());
    }

    private static ReportPicture Lift(EvaluationData data)
    {
        PlotLine[] lines = [.. Lines(data, (curve, point) => ((double)point.Flagged / curve.Rows, point.Flagged == 0 || curve.Positives == 0 ? double.NaN : (double)point.TruePositives / point.Flagged * curve.Rows / curve.Positives)).Select(line => line with { Points = [.. line.Points.Where(point => !double.IsNaN(point.Y) && point.X >= 0.005)] })];
        Plot plot = new("Lift", new Axis("share of customers contacted", 0, 1, true), Axis.Over("times the churn rate", lines.SelectMany(line => line.Points.Select(point => point.Y))), lines) { Guide = [(0, 1), (1, 1)] };
        return new ReportPicture("lift", $"Lift, {Text(data, "lift_at_10")} in the top tenth", "How many times as many churners as among all, from the riskiest half percent on.", plot.Draw());
    }

    private static ReportPicture Histogram(EvaluationData data) =>
        new("scores", "Scores by outcome", "Shares of those who left and of those who stayed; the more apart, the better.", Pictures.Histogram(data.Histogram, data.Threshold));

    private static ReportPicture Cells(EvaluationData data) =>
        new("confusion", string.Create(CultureInfo.InvariantCulture, $"Decisions, precision {data.Confusion.Precision:0.###}, recall {data.Confusion.Recall:0.###}"), "Each customer at the threshold that the model flags from.", Pictures.Cells(data.Confusion));

    private static ReportPicture Cost(EvaluationData data)
    {
        CutCurve curve = data.Curves[0].Curve;
        (double X, double Y)[] points = [.. curve.Points.Select(point => ((double)point.Flagged / curve.Rows, data.Economics.Gain(point.Flagged, point.TruePositives)))];
        (double X, double Y) best = points.MaxBy(point => point.Y);
        long flagged = data.Confusion.TruePositives + data.Confusion.FalsePositives;
        Axis up = Axis.Over("gain", points.Select(point => point.Y));
        Plot plot = new("Gain of a campaign", new Axis("share of customers contacted", 0, 1, true), up, [new PlotLine("gain over all contacted", points, "c0")])
        {
            Guide = [(0, 0), (1, 0)],
            Marks = [(Share(flagged, curve.Rows), data.Economics.Gain(flagged, data.Confusion.TruePositives), "threshold")],
            Upright = (best.X, string.Create(CultureInfo.InvariantCulture, $"most at {100 * best.X:0.#}%")),
        };
        return new ReportPicture("cost", "Cost and gain of a campaign", string.Create(CultureInfo.InvariantCulture, $"Churners contacted x value {data.Economics.Value:0.##} x save rate {data.Economics.SaveRate:0.##}, less {data.Economics.Cost:0.##} a contact."), plot.Draw());
    }

    private static ReportPicture LearningOf(ReportLearning learning)
    {
        (double, double)[] train = [.. learning.Train.Select(point => (point.X, point.Y))], stop = [.. learning.Validation.Select(point => (point.X, point.Y))];
        Plot plot = new("Learning curve", Axis.Over("round", train.Select(point => point.Item1)), Axis.Over("loss", train.Concat(stop).Select(point => point.Item2), fromZero: false), [new PlotLine("training rows", train, "c0"), new PlotLine(stop.Length > 0 ? "later rows, which stop" : "", stop, "c1")])
        {
            Upright = (learning.Kept, $"kept: {learning.Kept}"),
        };
        return new ReportPicture("learning", "Learning curve", "Loss after each tree; where it rises on later rows, the training rows are learnt by heart.", plot.Draw());
    }

    private static XElement BarsOf(string title, IReadOnlyList<ReportBar> values, string style, Func<double, string> text) =>
        new Bars(title, [.. values.Take(15).Select(bar => new Bar(bar.Name, bar.Value, text(bar.Value), bar.Spread))], style).Draw();

    private static XElement Traits(string title, IReadOnlyList<ErrorTrait> traits) => new Bars(title, [.. traits.Select(trait => new Bar(
        trait.Level.Length == 0 ? $"{trait.Feature}: {Short(trait.Wrong)} vs {Short(trait.Right)}" : $"{trait.Feature} {trait.Level}: {trait.Wrong.ToString("P0", CultureInfo.InvariantCulture)} vs {trait.Right.ToString("P0", CultureInfo.InvariantCulture)}",
        trait.Difference, trait.Difference.ToString("+0.00;-0.00", CultureInfo.InvariantCulture)))], "c1").Draw();

    private static PlotLine[] Lines(EvaluationData data, Func<CutCurve, CutPoint, (double, double)> place) =>
        [.. data.Curves.Take(s_styles.Length).Select((named, index) => new PlotLine(data.Curves.Count > 1 ? named.Name : "", [.. named.Curve.Points.Select(point => place(named.Curve, point))], s_styles[index]))];

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static string Text(EvaluationData data, string metric) => data.Metrics.TryGetValue(metric, out double value) ? value.ToString("0.####", CultureInfo.InvariantCulture) : "not defined";

    private static string Short(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
}
