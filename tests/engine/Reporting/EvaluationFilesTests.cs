using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Reporting.Tests;

public class EvaluationFilesTests
{
    [Fact]
    public void Render_FullReport_IsWellFormedAndLoadsNothing()
    {
        var files = EvaluationFiles.Render(Full()).ToDictionary(file => file.Name, file => file.Text);
        foreach (string picture in files.Keys.Where(name => name.EndsWith(".svg", StringComparison.Ordinal)))
        {
            XElement root = XDocument.Parse(files[picture]).Root!;
            Assert.Equal(Svg.Space + "svg", root.Name);
            Assert.Contains("prefers-color-scheme: dark", root.Element(Svg.Space + "style")!.Value, StringComparison.Ordinal);
            AssertWhole(root);
        }
        XElement page = XDocument.Parse(files["report.html"]["<!DOCTYPE html>".Length..]).Root!;
        Assert.Equal(files.Keys.Count(name => name.EndsWith(".svg", StringComparison.Ordinal)), page.Descendants(Svg.Space + "svg").Count());
        AssertWhole(page);
        Assert.Contains("a < b & \"c\"", page.Value, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("script"));
        JsonElement json = JsonDocument.Parse(files["report.json"]).RootElement;
        Assert.Equal(0.75, json.GetProperty("metrics").GetProperty("roc_auc").GetDouble());
        Assert.Equal(EvaluationFiles.Render(Full()), EvaluationFiles.Render(Full()));
    }

    [Fact]
    public void Render_LeastReport_LeavesOutWhatWasNotMeasured()
    {
        EvaluationData least = Full() with { Importance = [], Permutation = [], Learning = null, Errors = null, Segments = [], Intervals = new Dictionary<string, BootstrapInterval>(), Resamples = 0, ReliabilityBefore = [], Comparison = [Full().Comparison[0]] };
        string[] names = [.. EvaluationFiles.Render(least).Select(file => file.Name)];
        Assert.Equal(["report.html", "report.json", "model_comparison.csv", "classification_report.txt", "roc.svg", "precision_recall.svg", "reliability.svg", "gain.svg", "lift.svg", "scores.svg", "confusion.svg", "cost.svg"], names);
        Assert.DoesNotContain("Compared with", EvaluationFiles.Render(least)[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassificationReport_KnownCells_HasTheNumbersOfScikitLearn()
    {
        // classification_report([0,0,0,0,0,0,1,1,1,1], [0,0,0,0,1,1,1,1,1,0])
        string text = EvaluationText.ClassificationReport(new Confusion(3, 2, 1, 4), [new("as of", "today")]);
        string[][] lines = [.. text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(lines, line => line is ["stayed", "0.8000", "0.6667", "0.7273", "6"]);
        Assert.Contains(lines, line => line is ["left", "0.6000", "0.7500", "0.6667", "4"]);
        Assert.Contains(lines, line => line is ["accuracy", "0.7000", "10"]);
        Assert.Contains(lines, line => line is ["macro", "avg", "0.7000", "0.7083", "0.6970", "10"]);
        Assert.Contains(lines, line => line is ["weighted", "avg", "0.7200", "0.7000", "0.7030", "10"]);
        Assert.Contains("as of: today", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ComparisonCsv_NamesWithCommas_AreQuoted_AndNumbersComeBackExactly()
    {
        string[] lines = EvaluationText.ComparisonCsv(Full().Comparison).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("\"rule: a, \"\"b\"\"\",,", lines[2], StringComparison.Ordinal);
        int column = Array.IndexOf(lines[0].Split(','), "roc_auc");
        Assert.Equal(1 / 3.0, double.Parse(lines[1].Split(',')[column], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(0, 1, 0.2)]
    [InlineData(-3, 7, 2)]
    [InlineData(0, 123_456, 20_000)]
    [InlineData(0.31, 0.42, 0.02)]
    public void AxisOver_AnyRange_HasRoundTicksInside(double low, double high, double step)
    {
        var axis = Axis.Over("x", [low, high], fromZero: false);
        double[] ticks = [.. axis.Ticks()];
        Assert.InRange(ticks.Length, 3, 11);
        Assert.Equal(step, ticks[1] - ticks[0], step * 1e-9);
        Assert.True(axis.Low <= low + 1e-9 && axis.High >= high - 1e-9);
        Assert.All(ticks, tick => Assert.InRange(axis.At(tick), -1e-9, 1 + 1e-9));
    }

    [Fact]
    public void Draw_NoSpreadAtAll_HasNoBrokenNumber()
    {
        AssertWhole(new Bars("b", [new Bar("a", 0, "0"), new Bar("b", 0, "0")], "c0").Draw());
        AssertWhole(new Plot("p", Axis.Over("x", [2, 2], fromZero: false), Axis.Over("y", []), [new PlotLine("one", [(2, 0)], "c0")]).Draw());
        AssertWhole(Pictures.Histogram(new ScoreHistogram(new long[4], new long[4]), 0.5));
        AssertWhole(Pictures.Cells(default));
    }

    [Fact]
    public void Economics_Gain_IsValueOfTheSavedLessTheContacts() => Assert.Equal(3 * 100 * 0.5 - 5 * 10, new ReportEconomics(100, 10, 0.5).Gain(5, 3));

    private static void AssertWhole(XElement picture)
    {
        foreach (XAttribute attribute in picture.DescendantsAndSelf().Attributes())
        {
            Assert.False(attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains("Infinity", StringComparison.Ordinal) || attribute.Value.Contains('∞'), $"{attribute.Parent}");
            Assert.False(attribute.Name.LocalName == "src" || attribute.Name.LocalName == "href" && attribute.Value != "data:,", $"{attribute}");
        }
    }

    private static EvaluationData Full()
    {
        float[] scores = [0.05f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f, 0.7f, 0.9f], labels = [0, 0, 1, 0, 0, 1, 0, 1];
        var metrics = new Dictionary<string, double> { ["rows"] = 8, ["positive_rate"] = 0.375, ["roc_auc"] = 0.75 };
        var interval = new Dictionary<string, BootstrapInterval> { ["roc_auc"] = new(0.75, 0.5, 0.9) };
        ErrorTrait[] traits = [new("tenure", "", 2, 10, -1.2), new("plan", "basic & \"free\"", 0.9, 0.1, 1.6)];
        return new EvaluationData
        {
            Model = "churn",
            Version = "m-1",
            Design = [new("as of", "2024-11-26"), new("note", "a < b & \"c\"")],
            Warnings = ["late events"],
            Metrics = metrics,
            Intervals = interval,
            Resamples = 100,
            Threshold = 0.5,
            ThresholdReason = "best F-beta, beta 1: flags 3 of 8",
            Confusion = Confusion.At(scores, labels, 0.5),
            Curves = [new("model", CutCurve.Of(scores, labels)), new("rule", CutCurve.Of([0, 0, 0, 0, 1, 1, 1, 1], labels))],
            Reliability = Reliability.Bins(scores, labels, 4),
            ReliabilityBefore = [new(0.2, 0.1), new(0.6, 0.7)],
            Calibration = "platt",
            Histogram = ScoreHistogram.Of(scores, labels),
            Economics = new ReportEconomics(600, 10, 0.4),
            Importance = [new("a", 0.7, 0), new("b", 0.3, 0)],
            ImportanceOf = "gain",
            Permutation = [new("a", 0.1, 0.02), new("b", -0.001, 0.002)],
            PermutationMetric = "roc_auc",
            Learning = new ReportLearning("loss", [new(1, 0.6), new(2, 0.5)], [new(1, 0.61), new(2, 0.55)], 2),
            Errors = new ErrorAnalysis(2, 1, traits, traits),
            SegmentFeature = "plan",
            Segments = [new("basic", 0.5, metrics)],
            Comparison = [new("this model", "m-1", new Dictionary<string, double> { ["roc_auc"] = 1 / 3.0 }, interval, new Dictionary<string, BootstrapInterval>()), new("rule: a, \"b\"", "", metrics, interval, interval)],
        };
    }
}
