using System.Text.Json.Nodes;
using ChurnEngine.Bench.Peers;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests.Peers;

/// <summary>Our side of every comparison runs, and does the same work as the other where that needs no package.</summary>
public sealed class PeerEntryTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private PeerRequest Quick => new() { Cache = _folder.Path, Quick = true, Threads = [2] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_Entries_AreFoundAndTheirCasesHaveNamesOfTheirOwn()
    {
        Assert.Equal(["features", "featurize", "onnx", "shap", "simd", "train"], IPeerEntry.All.Select(entry => entry.Name));
        foreach (IPeerEntry entry in IPeerEntry.All)
        {
            foreach (PeerRequest request in new[] { Quick, new PeerRequest { Cache = _folder.Path }, new PeerRequest { Cache = _folder.Path, Grid = true } })
            {
                PeerCase[] cases = [.. entry.Cases(request)];
                Assert.NotEmpty(cases);
                Assert.Distinct(cases.Select(one => one.Name));
                Assert.All(cases, one => Assert.Equal("ours", one.Contestants[0].Name));
                Assert.All(cases, one => Assert.True(one.Contestants.Count > 1 && one.SecondsPerRound > 0));
            }
        }
    }

    [Fact]
    public void Cases_ByDefault_TakeAboutHalfAnHour()
    {
        var request = new PeerRequest { Cache = _folder.Path, Threads = [1, 2] };
        double minutes = IPeerEntry.All.SelectMany(entry => entry.Cases(request)).Sum(one => one.SecondsPerRound * one.Rounds(request.Rounds)) / 60;
        Assert.InRange(minutes, 15, 40);
    }

    [Fact]
    public void Measure_OurTraining_ReportsEveryMetricAndLearns()
    {
        var entry = new TrainingEntry();
        PeerCase one = entry.Cases(Quick).First();
        one.Prepare(_ => { });
        Contestant ours = one.Contestants[0];
        PeerMeasures measures = entry.Measure(ours.Name, ours.Options);
        one.Complete(ours, measures);
        Assert.All(one.Metrics, metric => Assert.True(measures[metric.Key] > 0, metric.Key));
        Assert.InRange(measures["auc"], 0.8, 0.95);
        Assert.InRange(measures["logloss"], 0.2, 0.35);
        // What two runs learn is the same, so accuracy is compared once and times often.
        PeerMeasures again = entry.Measure(ours.Name, ours.Options);
        one.Complete(ours, again);
        Assert.Equal(measures["auc"], again["auc"]);
    }

    [Theory]
    [InlineData(0.8600, 0.8604, true)]
    [InlineData(0.8600, 0.8606, false)]
    [InlineData(0.8600, 0.8000, true)]
    public void EqualAccuracy_AgainstTheBestPeer_AllowsHalfAThousandth(double ours, double best, bool holds)
    {
        Verdict verdict = Assert.Single(TrainingEntry.EqualAccuracy([Runs("ours", ours), Runs("weak", 0.5), Runs("strong", best)]));
        Assert.Equal(holds, verdict.Holds);
        Assert.Contains(best > 0.5 ? "strong" : "weak", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_FeaturesOfASmallWorld_AreTheSameInDuckDb()
    {
        var entry = new FeaturizeEntry();
        string world = new StageCache(new StageOptions { Stage = "featurize", Customers = 700, Months = 12, Cache = _folder.Path }).World();
        long asOf = new DateTimeOffset(2024, 5, 30, 7, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * 1_000_000;
        foreach (bool files in new[] { true, false })
        {
            var options = new JsonObject { ["world"] = world, ["as_of"] = new JsonArray(asOf, asOf + 86_400_000_000 * 30), ["from_files"] = files, ["threads"] = 2 };
            ContestantRuns[] runs = [.. new[] { "ours", "duckdb", "duckdb-tables" }.Select(name => new ContestantRuns(new Contestant(name, null, options), [entry.Measure(name, options)]))];
            Assert.True(runs[0].Rounds[0][FeatureDigest.Prefix + "rows"] > 300);
            Assert.All(runs.Skip(1), run => Assert.True(FeatureDigest.Compare(runs[0], run) is { Holds: true } verdict, FeatureDigest.Compare(runs[0], run).Text));
        }
    }

    [Fact]
    public void Compare_DigestsThatDiffer_NamesTheFeature()
    {
        PeerMeasures ours = Digest(10, 3.5), theirs = Digest(10, 3.6);
        Verdict verdict = FeatureDigest.Compare(new ContestantRuns(Nobody("ours"), [ours]), new ContestantRuns(Nobody("duckdb"), [theirs]));
        Assert.False(verdict.Holds);
        Assert.Contains("plays sum", verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_OnnxByAnyApi_GivesTheSameProbabilities()
    {
        var entry = new OnnxEntry();
        PeerCase one = Assert.Single(entry.Cases(Quick));
        one.Prepare(_ => { });
        ContestantRuns[] runs = [.. one.Contestants.Select(contestant => new ContestantRuns(contestant, [entry.Measure(contestant.Name, contestant.Options)]))];
        Assert.All(runs, run => Assert.True(run.Rounds[0]["rate"] > 0));
        Assert.All(one.Judge(runs), verdict => Assert.True(verdict.Holds, verdict.Text));
    }

    [Fact]
    public void Measure_SimdOnnxAndWalk_GiveTheSameProbabilities()
    {
        var entry = new SimdEntry();
        foreach (PeerCase one in entry.Cases(Quick))
        {
            one.Prepare(_ => { });
            ContestantRuns[] runs = [.. one.Contestants.Where(contestant => contestant.Script is null).Select(contestant => new ContestantRuns(contestant, [entry.Measure(contestant.Name, contestant.Options)]))];
            Assert.Equal(["ours", "onnxruntime", "walk"], runs.Select(run => run.Contestant.Name));
            foreach (ContestantRuns run in runs)
                one.Complete(run.Contestant, run.Rounds[0]);
            Verdict[] verdicts = [.. one.Judge(runs)];
            Assert.Equal(2, verdicts.Length);
            Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.Text));
            Assert.InRange(runs[0].Median("auc"), 0.8, 0.95);
        }
    }

    [Fact]
    public void Entries_OfAnOutcome_HoldEachProgramAndRatiosBelowOneWhereWeAreBetter()
    {
        PeerCase one = new TrainingEntry().Cases(Quick).First();
        ContestantRuns[] runs = [Timed("ours", 2, 4), Timed("xgboost", 4, 2), Timed("sklearn", 8, 1)];
        ResultEntry[] entries = [.. PeerReport.Entries(new PeerOutcome(new TrainingEntry(), one, runs, [new Verdict(false, "not so")]))];
        ResultEntry total = entries.Single(entry => entry.Parameters["measure"] == "total" && entry.Baseline == "xgboost");
        Assert.Equal((0.5, "s", 2.0), (total.Ratio!.Value, total.Unit, total.Value));
        Assert.Equal("NOT EQUAL: not so", total.Note);
        // Twice the rows a second is half the time.
        Assert.Equal(0.25, entries.Single(entry => entry.Parameters["measure"] == "prediction" && entry.Baseline == "sklearn").Ratio!.Value, 12);
        Assert.DoesNotContain(entries, entry => entry.Parameters["measure"] == "test AUC" && entry.Ratio is not null);
        Assert.Distinct(entries.Select(entry => entry.Key()));
    }

    [Fact]
    public void Install_WhatIsThere_AsksForNothing()
    {
        List<string> said = [];
        Assert.Null(DebianPackage.Install([new DebianPackage("python3", "json"), new DebianPackage("python3-minimal", "os.path")], said.Add));
        Assert.Empty(said);
    }

    private static Contestant Nobody(string name) => new(name, null, []);

    private static ContestantRuns Runs(string name, double auc) => new(Nobody(name), [new PeerMeasures { Numbers = { ["auc"] = auc } }]);

    private static ContestantRuns Timed(string name, double seconds, double rate) => new(Nobody(name), [.. Enumerable.Range(0, 3).Select(_ => new PeerMeasures
    {
        Numbers = { ["binning"] = seconds, ["boosting"] = seconds, ["total"] = seconds, ["memory"] = 1, ["predict"] = rate, ["predict_fastest"] = rate, ["auc"] = 0.5, ["logloss"] = 0.5 },
    })]);

    private static PeerMeasures Digest(double rows, double sum) => new() { Numbers = { [FeatureDigest.Prefix + "rows"] = rows, [FeatureDigest.Prefix + "plays sum"] = sum } };
}
