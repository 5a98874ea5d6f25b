using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Monitoring.Tests;

public sealed class DriftMonitorTests
{
    private const int Bins = 20;
    private const long TrainingRows = 100_000;

    [Fact]
    public void Judge_RowsOfTheSameLaw_RaiseNoAlarm()
    {
        var random = new Random(7);
        int alarms = 0;
        for (int window = 0; window < 100; window++)
        {
            DriftReport report = Judge(Rows(random, 1000, _ => { }), []);
            alarms += report.HasDrifted ? 1 : 0;
        }
        Assert.Equal(0, alarms);
    }

    [Theory]
    [InlineData("shift", "number_1", "KS")]
    [InlineData("spread", "number_1", "PSI")]
    [InlineData("missing", "number_2", "missing")]
    [InlineData("category", "plan", "PSI")]
    public void Judge_OneFeatureChanged_IsNamedAlone(string change, string feature, string limit)
    {
        var random = new Random(11);
        DriftReport report = Judge(Rows(random, 4000, row =>
        {
            switch (change)
            {
                case "shift": row[0] += 0.15f; break;
                case "spread": row[0] = (row[0] - 0.5f) * 0.4f + 0.5f; break;
                case "missing": row[1] = random.Next(10) == 0 ? float.NaN : row[1]; break;
                default: row[2] = random.Next(2) == 0 ? 2 : row[2]; break;
            }
        }), []);
        FeatureDrift drifted = Assert.Single(report.Drifted);
        Assert.Equal(feature, drifted.Feature);
        Assert.Contains(limit, drifted.Why, StringComparison.Ordinal);
    }

    // A change too small to matter is significant in a million rows, and no alarm.
    [Fact]
    public void Judge_SmallChangeOfManyRows_IsSignificantAndNoAlarm()
    {
        DriftReport report = Judge(Rows(new Random(5), 300_000, row => row[0] += 0.01f), []);
        Assert.True(report.Features[0].AdjustedPValue < 1e-6, $"{report.Features[0].AdjustedPValue}");
        Assert.False(report.HasDrifted);
    }

    // One row in twenty has a plan that nobody had: told apart from the missing, named, and no drift of the rest.
    [Fact]
    public void Judge_ANewCategory_IsAnAlarmOfItsOwn()
    {
        (DriftReport report, UnknownLevels unknown) = WithNewPlan(4000, 0.05, []);
        FeatureDrift plan = report.Features[2];
        Assert.Equal(DriftVerdict.Stable, plan.Verdict);
        Assert.Equal(0, plan.Missing);
        Assert.True(plan.New!.IsAlarm && plan.New.Lower > 0.04 && plan.New.Upper < 0.06, plan.New.ToString());
        Assert.Equal((double)unknown.Rows(2) / 4000, plan.New.Share);
        Assert.Equal(["gold", "silver"], plan.New.Texts.Select(level => level.Text));
        Assert.Contains("'gold'", plan.New.Why, StringComparison.Ordinal);
        Assert.Equal(["plan"], report.WithNewCategory.Select(feature => feature.Feature));
        Assert.Empty(report.Drifted);
        Assert.True(report.HasDrifted);
        Assert.All(report.Features.Take(2), feature => Assert.Null(feature.New));
    }

    [Fact]
    public void Judge_ANewCategory_OfFewRowsOrHardlyAny_RaisesNone_AndOneThatMayNotBeNamedIsNot()
    {
        Assert.False(WithNewPlan(4000, 0.004, []).Report.Features[2].New!.IsAlarm);
        Assert.False(WithNewPlan(200, 0.2, []).Report.Features[2].New!.IsAlarm);
        NewLevels unnamed = WithNewPlan(4000, 0.05, ["plan"]).Report.Features[2].New!;
        Assert.True(unnamed.IsAlarm);
        Assert.Empty(unnamed.Texts);
        Assert.DoesNotContain("gold", unnamed.Why, StringComparison.Ordinal);
        Assert.Equal(DriftVerdict.Stable, WithNewPlan(4000, 1, []).Report.Features[2].Verdict);
    }

    private static (DriftReport Report, UnknownLevels Unknown) WithNewPlan(int rows, double share, HashSet<string> unnamed)
    {
        var random = new Random(3);
        var unknown = new UnknownLevels(3);
        using FeatureMatrix matrix = Rows(random, rows, row =>
        {
            if (random.NextDouble() >= share)
                return;
            row[2] = float.NaN;
            unknown.Add(2, random.Next(3) == 0 ? "silver" : "gold");
        });
        ChurnModel model = Model();
        BinCounts counts = Counts(model);
        counts.Add(matrix);
        return (DriftMonitor.Judge(model, counts, new ScoreSample([.. Enumerable.Range(0, rows).Select(i => 0.155f + 0.03f * (i % 4))]), new DriftOptions(), new LevelCounts(unknown, unnamed)), unknown);
    }

    [Fact]
    public void Judge_FewRows_AreNotJudged() =>
        Assert.All(Judge(Rows(new Random(5), 100, row => row[0] = 3), []).Features, feature => Assert.Equal(DriftVerdict.NotJudged, feature.Verdict));

    [Theory]
    [InlineData(0.20f, DriftVerdict.Stable)]
    [InlineData(0.25f, DriftVerdict.Drifted)]
    public void Judge_ScoresOfAnotherMean_HaveDrifted(float middle, DriftVerdict verdict)
    {
        var random = new Random(9);
        DriftReport report = Judge(Rows(random, 3000, _ => { }), [.. Enumerable.Range(0, 3000).Select(_ => Math.Clamp(middle + 0.1f * (float)(random.NextDouble() - 0.5), 0, 1))]);
        Assert.Equal(verdict, report.Scores.Verdict);
    }

    [Fact]
    public void Judge_WithoutRowsOrDistributions_IsRefused()
    {
        ChurnModel model = Model();
        Assert.Equal(8203, Assert.Throws<ChurnDataException>(() => DriftMonitor.Judge(model, Counts(model), new ScoreSample([]), new DriftOptions())).Code.Number);
        ChurnModel bare = new() { Predictor = model.Predictor, Metadata = model.Metadata with { Distributions = [] } };
        Assert.Equal(8202, Assert.Throws<ChurnModelException>(() => DriftMonitor.Require(bare)).Code.Number);
        Assert.Equal(8201, Assert.Throws<ChurnConfigException>(() => DriftMonitor.Judge(model, Counts(model), new ScoreSample([]), new DriftOptions { StabilityIndex = -1 })).Code.Number);
    }

    private static BinCounts Counts(ChurnModel model) => new(model.Metadata.Features, model.Metadata.Distributions);

    private static DriftReport Judge(FeatureMatrix rows, float[] scores)
    {
        using (rows)
        {
            ChurnModel model = Model();
            BinCounts counts = Counts(model);
            counts.Add(rows);
            return DriftMonitor.Judge(model, counts, new ScoreSample(scores.Length > 0 ? scores : [.. Enumerable.Range(0, (int)rows.RowCount).Select(i => 0.155f + 0.03f * (i % 4))]), new DriftOptions());
        }
    }

    // Two numbers uniform over 0..1, the second missing in one row of fifty, and a plan of which three quarters are the first of three.
    private static ChurnModel Model()
    {
        float[] edges = [.. Enumerable.Range(1, Bins - 1).Select(i => (float)i / Bins)];
        double[] Uniform(double missing) => [.. Enumerable.Repeat((1 - missing) / Bins, Bins)];
        return new ChurnModel
        {
            Predictor = new TreeEnsemble { FeatureCount = 3, BaseMargin = 0, Trees = [] },
            Metadata = new ModelMetadata
            {
                Features = [new() { Name = "number_1" }, new() { Name = "number_2" }, new() { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["basic", "plus", "pro"] }],
                Distributions = [new(edges, Uniform(0), 0), new(edges, Uniform(0.02), 0.02), new([], [0.75, 0.2, 0.05], 0)],
                TrainingRows = TrainingRows,
                Scores = new ScoreDistribution([0.17f, 0.2f, 0.23f], [0.25, 0.25, 0.25, 0.25], 0.2, 0.03, 5000),
            },
        };
    }

    private static FeatureMatrix Rows(Random random, int count, Action<float[]> change)
    {
        FeatureMatrix matrix = FeatureMatrix.Allocate(Model().Metadata.Features, count);
        float[] row = new float[3];
        for (int i = 0; i < count; i++)
        {
            (row[0], row[1]) = (random.NextSingle(), random.Next(50) == 0 ? float.NaN : random.NextSingle());
            int plan = random.Next(100);
            row[2] = plan < 75 ? 0 : plan < 95 ? 1 : 2;
            change(row);
            row.CopyTo(matrix.Row(i));
        }
        return matrix;
    }
}
