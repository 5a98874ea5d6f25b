using System.Text.Json;
using System.Xml.Linq;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The report of <c>churn evaluate</c>, as files and as a browser shows it.</summary>
public sealed class ReportTests(SmallProject project)
{
    private static readonly string[] s_pictures = ["roc", "precision_recall", "reliability", "gain", "lift", "scores", "confusion", "cost", "importance", "permutation", "learning", "shap_importance", "shap_beeswarm", "shap_dependence_1", "shap_dependence_4"];

    [Fact]
    public void Evaluate_WithReport_WritesEveryFile_AndAgainTheSameBytes()
    {
        using var folder = new TemporaryDirectory();
        string report = folder["report"];
        JsonElement result = Evaluate(report, "--threads", "1");
        string[] names = [.. Directory.GetFiles(report).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Superset(s_pictures.Select(name => name + ".svg").Concat(["report.html", "report.json", "model_comparison.csv", "classification_report.txt"]).ToHashSet(), names.ToHashSet());
        Assert.Equal(names, result.GetProperty("files").EnumerateArray().Select(file => Path.GetFileName(file.GetString())!).Order(StringComparer.Ordinal));
        string[] before = [.. names.Select(name => File.ReadAllText(Path.Combine(report, name)))];
        Evaluate(report, "--threads", "3");
        Assert.Equal(before, names.Select(name => File.ReadAllText(Path.Combine(report, name))));

        JsonElement data = JsonDocument.Parse(File.ReadAllText(Path.Combine(report, "report.json"))).RootElement;
        double auc = data.GetProperty("metrics").GetProperty("roc_auc").GetDouble();
        Assert.Equal(result.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), auc);
        JsonElement interval = data.GetProperty("intervals").GetProperty("roc_auc");
        Assert.InRange(auc, interval.GetProperty("lower").GetDouble(), interval.GetProperty("upper").GetDouble());
        // Beside DeLong's, which knows nothing of resamples.
        Assert.Equal(data.GetProperty("metrics").GetProperty("roc_auc_low").GetDouble(), interval.GetProperty("lower").GetDouble(), 0.02);
        Assert.True(data.GetProperty("segments").GetArrayLength() >= 3);
        Assert.Contains(data.GetProperty("design").EnumerateArray(), fact => fact.GetProperty("name").GetString() == "gap and horizon");

        string[] csv = File.ReadAllLines(Path.Combine(report, "model_comparison.csv"));
        Assert.Equal(["this model", "previous model", "best single feature"], csv.Skip(1).Select(line => line.Trim('"').Split(',', ':')[0]));
        Assert.All(csv.Skip(1).Where(line => !line.StartsWith('"')), line => Assert.Equal(csv[0].Split(',').Length, line.Split(',').Length));
        string page = File.ReadAllText(Path.Combine(report, "report.html"));
        XElement root = XDocument.Parse(page["<!DOCTYPE html>".Length..]).Root!;
        // Self-contained: nothing to load.
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute => attribute.Name.LocalName is "src" || attribute.Name.LocalName == "href" && attribute.Value != "data:,");
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_InABrowser_HasNoConsoleErrorAndNoSidewaysScrolling()
    {
        using var folder = new TemporaryDirectory();
        Evaluate(folder["report"]);
        string page = File.ReadAllText(folder["report/report.html"]);
        foreach (int width in (int[])[1280, 390])
        {
            (string[] console, int pageWidth, int windowWidth) = HeadlessBrowser.Open(page, width);
            Assert.Empty(console);
            Assert.True(pageWidth <= windowWidth, $"at {width} pixels the page is {pageWidth} wide in a window of {windowWidth}");
        }
        // What the two checks are for: a page that fails both.
        (string[] told, int wide, int window) = HeadlessBrowser.Open(page.Replace("</body>", "<p style='width: 2000px'>wide</p><script>console.error('seen')</script></body>", StringComparison.Ordinal), 390);
        Assert.Contains(told, line => line.Contains("seen", StringComparison.Ordinal));
        Assert.True(wide > window);
    }

    [Fact]
    public void Evaluate_RuleOfThumb_IsComparedWith_AndWrongRequestsAreRefused()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("evaluate", "--model", project.Model, "--config", project.Config, "--report", folder["r"], "--baseline", "days_since_play > 14", "--resamples", "0", "--permutations", "0", "--quiet").Expect(ExitCode.Done);
        string csv = File.ReadAllText(folder["r/model_comparison.csv"]);
        Assert.Contains("rule: days_since_play > 14", csv, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["r/permutation.svg"]));

        CommandRun plan = Churn.Run("evaluate", "--model", project.Model, "--config", project.Config, "--report", folder["r"], "--dry-run").Expect(ExitCode.Done);
        Assert.Contains("replacing classification_report.txt", plan.Output, StringComparison.Ordinal);
        Assert.Contains("CE1160", Churn.Run("evaluate", "--model", project.Model, "--config", project.Config, "--report", folder["r"], "--segment", "plam").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Assert.Contains("belongs to --report", Churn.Run("evaluate", "--model", project.Model, "--config", project.Config, "--segment", "plan").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        folder.Write("file", "");
        Assert.Contains("CE1159", Churn.Run("evaluate", "--model", project.Model, "--config", project.Config, "--report", folder["file"], "--permutations", "0").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_PlainTable_SaysThatItHasNoTime()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("evaluate", "--model", project.TableModel, "--table", project.Table, "--report", folder["r"], "--segment", "tenure", "--quiet").Expect(ExitCode.Done);
        Assert.Contains("the table has no time", File.ReadAllText(folder["r/report.html"]), StringComparison.Ordinal);
        Assert.Contains("up to", File.ReadAllText(folder["r/report.json"]), StringComparison.Ordinal);
    }

    private JsonElement Evaluate(string report, params string[] more) => Churn.Result(
        ["evaluate", "--model", project.Model, "--config", project.Config, "--report", report, "--segment", "plan", "--compare-with", project.CompatibleModel, "--resamples", "200", .. more]);
}
