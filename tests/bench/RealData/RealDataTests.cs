using ChurnEngine.Bench.RealData;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests.RealData;

/// <summary>The plans for real events: they run by configuration alone, are worth their features, and nothing in them knows the answer.</summary>
public class RealDataTests
{
    // About three standard errors below what bench/README.md shows.
    [Theory]
    [InlineData("online_retail", 0.75, 0.04)]
    [InlineData("cdnow", 0.77, 0.04)]
    [InlineData("oulad", 0.72, 0.06)]
    public void Run_RealEvents_BeatsRecencyAndLeaksNothing(string name, double least, double gain)
    {
        IRealDataSet set = RealProject.All.Single(each => each.Name == name);
        string data = Path.GetDirectoryName(Repository.SharedData(set.Source))!;
        using var folder = new TemporaryDirectory();
        RealProject.Write(set, data, folder["project"]);

        RealRun run = RealRun.Of(set, folder["project"], new JobBudget { Threads = 2 }, CancellationToken.None);

        double auc = run.Model.Metrics["roc_auc"], recency = run.Recency.Metrics["roc_auc"];
        Assert.InRange(auc, least, 0.95);
        Assert.True(auc > recency + gain, $"AUC {auc}, of recency alone {recency}");
        Assert.True(run.Audit.Passed, string.Join('\n', run.Audit.Checks.SelectMany(check => check.Findings)));
        LeakageCheck single = run.Audit.Checks.Single(check => check.Name == "single_feature_auc");
        Assert.Empty(single.Findings);
        Assert.InRange(single.Measures.Where(measure => measure.Key.StartsWith("auc.", StringComparison.Ordinal)).Max(measure => measure.Value), 0.55, 0.9);
        Assert.Equal(["train", "stop", "calibrate", "test"], run.Model.Snapshots.Select(use => use.Role).Distinct());
        Assert.InRange(run.Scored, 1000, 30_000);
        Assert.Equal(1, run.Recency.Features);
        Assert.Contains("audit", RealDataCommand.Table([run]).ToString(), StringComparison.Ordinal);
        if (name == "oulad")
            Assert.All(run.Unseen, sample => Assert.True(sample.Model["roc_auc"] > sample.Recency["roc_auc"] + 0.03, sample.AsOf));
        else
            Assert.Empty(run.Unseen);
    }

    [Fact]
    public void OnlyFeature_Plan_KeepsItsOtherSettings()
    {
        string plan = RealProject.OnlyFeature("""
            features:
              - { name: recency, value: recency_days }
              - { name: recency_squared, expr: "recency * recency" }
            label: { churned: "inactive 45d within 45d" }
            train: { learning_rate: 0.05 }
            """.ReplaceLineEndings("\n"), "recency");
        Assert.Equal("""
            features:
              - { name: recency, value: recency_days }
            label: { churned: "inactive 45d within 45d" }
            train: { model: recency.onnx, learning_rate: 0.05 }
            """.ReplaceLineEndings("\n"), plan);
    }

    [Fact]
    public void Write_NoSuchData_SaysWhereToNameThem()
    {
        using var folder = new TemporaryDirectory();
        BenchException missing = Assert.Throws<BenchException>(() => RealProject.Write(new Cdnow(), folder["nowhere"], folder["project"]));
        Assert.Contains("--data", missing.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["project"]));
    }
}
