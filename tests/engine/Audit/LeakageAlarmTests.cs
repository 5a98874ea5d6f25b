using ChurnEngine.Columns;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit.Tests;

public class LeakageAlarmTests
{
    private static readonly FeatureInfo[] Features =
    [
        new() { Name = "noise" },
        new() { Name = "leak" },
        new() { Name = "leak_reversed" },
        new() { Name = "leak_by_absence" },
        new() { Name = "honest" },
        new() { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["a", "b", "c"] },
        new() { Name = "status", Kind = FeatureKind.Categorical, Categories = ["open", "closed"] },
        new() { Name = "ticket", Kind = FeatureKind.Categorical },
    ];

    private static (FeatureMatrix Matrix, float[] Labels) World(int rows, int seed)
    {
        var random = new Random(seed);
        FeatureMatrix matrix = FeatureMatrix.Allocate(Features, rows);
        float[] labels = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            bool churns = random.NextDouble() < 0.2;
            labels[row] = churns ? 1 : 0;
            Span<float> x = matrix.Row(row);
            x[0] = random.Next(10) == 0 ? float.NaN : random.NextSingle();
            x[1] = (churns ? 1 : 0) + random.NextSingle() * 1.05f;
            x[2] = -x[1];
            // Known for all who stay but a few, whatever the value: only its absence tells.
            x[3] = churns || random.Next(50) == 0 ? float.NaN : random.NextSingle() - 0.5f;
            x[4] = (churns ? 0.3f : 0) + random.NextSingle();
            x[5] = random.Next(4) == 0 ? float.NaN : random.Next(3);
            x[6] = churns == (random.Next(100) > 0) ? 1 : 0;
            // An identity: every row its own category. In-sample rates would be perfect.
            x[7] = row;
        }
        return (matrix, labels);
    }

    [Fact]
    public void Check_World_FindsTheLeaksAndNothingElse()
    {
        (FeatureMatrix matrix, float[] labels) = World(20_000, 1);
        using (matrix)
        {
            LeakageReport report = LeakageAlarm.Check(matrix, labels, 0.8, new AlarmRules(), new JobBudget { Threads = 2 });
            Assert.Equal(["leak", "leak_reversed", "leak_by_absence", "status"], report.Findings.OrderBy(f => Array.FindIndex(Features, x => x.Name == f.Subject)).Select(f => f.Subject));
            Assert.Equal(report.Findings.OrderByDescending(f => f.Auc).Select(f => f.Auc), report.Findings.Select(f => f.Auc));
            Assert.Equal(20_000, report.RowsChecked);
            Assert.Equal(report.FeatureAuc[1], report.FeatureAuc[2], 1e-12);
            Assert.InRange(report.FeatureAuc[0], 0.5, 0.52);
            Assert.InRange(report.FeatureAuc[5], 0.47, 0.53);
            Assert.InRange(report.FeatureAuc[7], 0.49, 0.51);
            Assert.InRange(report.FeatureAuc[4], 0.7, 0.8);
            Assert.Contains("'leak' alone reaches AUC 0.99", report.Findings.Single(f => f.Subject == "leak").Message, StringComparison.Ordinal);

            var error = Assert.Throws<ChurnGateException>(report.ThrowIfAlarmed);
            Assert.Equal("CE8001", error.Code.ToString());
            Assert.Contains("leak_by_absence", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Check_AnyThreads_GivesTheSameReport_SampledByAStride()
    {
        (FeatureMatrix matrix, float[] labels) = World(5000, 2);
        using (matrix)
        {
            var rules = new AlarmRules { SampleRows = 2000 };
            LeakageReport one = LeakageAlarm.Check(matrix, labels, double.NaN, rules, new JobBudget { Threads = 1 });
            LeakageReport four = LeakageAlarm.Check(matrix, labels, double.NaN, rules, new JobBudget { Threads = 4 });
            Assert.Equal(one.FeatureAuc, four.FeatureAuc);
            Assert.Equal(one.Findings, four.Findings);

            // 5000 / 2000 rounds up to every third row.
            Assert.Equal(1667, one.RowsChecked);
            int[] rows = [.. Enumerable.Range(0, 1667).Select(i => i * 3)];
            using FeatureMatrix third = matrix.Gather(rows);
            Assert.Equal(one.FeatureAuc, LeakageAlarm.Check(third, [.. rows.Select(r => labels[r])], double.NaN, new AlarmRules(), new JobBudget()).FeatureAuc);
        }
    }

    [Theory]
    [InlineData(0.96, false), InlineData(0.975, true), InlineData(double.NaN, false)]
    public void Check_Model_AlarmsAboveItsLimit(double auc, bool alarms) => Assert.Equal(alarms, ModelFindings(auc, new AlarmRules()).Count == 1);

    [Theory]
    [InlineData(0.829, false), InlineData(0.831, true)]
    public void Check_ModelOfAGeneratedWorld_AlarmsThreeErrorsAboveTheOracle(double auc, bool alarms)
    {
        IReadOnlyList<AlarmFinding> findings = ModelFindings(auc, new AlarmRules { Oracle = new AucInterval(0.80, 0.01, 0.78, 0.82) });
        Assert.Equal(alarms, findings.Count == 1);
        if (alarms)
            Assert.Equal((AlarmKind.Oracle, 0.83), (findings[0].Kind, Math.Round(findings[0].Limit, 12)));
    }

    [Fact]
    public void Check_FewRowsOfAClass_JudgesNoFeature()
    {
        (FeatureMatrix matrix, float[] labels) = World(200, 3);
        using (matrix)
        {
            int positives = labels.Count(y => y == 1);
            Assert.Empty(LeakageAlarm.Check(matrix, labels, 0.5, new AlarmRules { LeastPerClass = positives + 1 }, new JobBudget()).Findings);
            Assert.NotEmpty(LeakageAlarm.Check(matrix, labels, 0.5, new AlarmRules { LeastPerClass = positives }, new JobBudget()).Findings);
        }
    }

    [Fact]
    public void Categorical_ConstantFeature_IsNoise()
    {
        float[] labels = [.. Enumerable.Range(0, 503).Select(i => i % 7 == 0 ? 1f : 0f)];
        Assert.InRange(SingleFeatureAuc.Categorical(new float[503], labels, SingleFeatureAuc.StratifiedFoldsOf(labels)), 0.45, 0.52);
    }

    [Fact]
    public void Check_BadRulesOrLengths_Throw()
    {
        using FeatureMatrix empty = FeatureMatrix.Allocate(Features, 0);
        foreach (AlarmRules rules in new AlarmRules[] { new() { FeatureAuc = 0.4 }, new() { ModelAuc = double.NaN }, new() { SampleRows = 10 }, new() { Oracle = new(1, double.NaN, 0, 1) } })
            Assert.Equal("CE8002", Assert.Throws<ChurnConfigException>(() => LeakageAlarm.Check(empty, [], 0.5, rules, new JobBudget())).Code.ToString());
        Assert.Throws<ArgumentException>(() => LeakageAlarm.Check(empty, [1f], 0.5, new AlarmRules(), new JobBudget()));
        Assert.Empty(LeakageAlarm.Check(empty, [], 0.5, new AlarmRules(), new JobBudget()).Findings);
    }

    private static IReadOnlyList<AlarmFinding> ModelFindings(double auc, AlarmRules rules)
    {
        using FeatureMatrix empty = FeatureMatrix.Allocate(Features, 0);
        return LeakageAlarm.Check(empty, [], auc, rules, new JobBudget()).Findings;
    }
}
