using ChurnEngine.Columns;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit.Tests;

public class FairnessCheckTests
{
    [Fact]
    public void Run_GroupFlaggedLessOften_IsFound_AndAnEvenOneIsNot()
    {
        FairnessReport report = Run([(0.30, 0.6, 3000), (0.15, 0.6, 2000), (0.29, 0.6, 2000)]);
        Assert.Equal("g0", report.Reference);
        Assert.False(report.Passed);
        FairnessFinding finding = Assert.Single(report.Findings);
        Assert.Equal(("g1", "selection_rate"), (finding.Group, finding.Measure));
        // 0.15 of those who stay and 0.6 of those who leave, against 0.3 and 0.6: 0.2625 over 0.375.
        Assert.Equal(0.7, finding.Value, 0.05);
        Assert.Contains("beyond 0.8", finding.Message, StringComparison.Ordinal);
        Assert.All(report.Groups, group => Assert.True(group.IsJudged));
    }

    [Fact]
    public void Run_GroupFlaggedMoreOften_IsFoundToo() => Assert.Equal("g1", Assert.Single(Run([(0.15, 0.6, 3000), (0.30, 0.6, 2000)]).Findings).Group);

    [Fact]
    public void Run_ChurnersFoundLessOften_IsInequalityOfOpportunity()
    {
        FairnessFinding finding = Assert.Single(Run([(0.3, 0.8, 4000), (0.4333, 0.4, 4000)]).Findings);
        Assert.Equal(("g1", "true_positive_rate"), (finding.Group, finding.Measure));
        Assert.Empty(Run([(0.3, 0.8, 4000), (0.4333, 0.4, 4000)], new FairnessRules { LeastTruePositiveRatio = 0 }).Findings);
    }

    [Fact]
    public void Run_SmallGroupByChance_IsToldAndNotJudged()
    {
        FairnessReport report = Run([(0.3, 0.6, 3000), (0.3, 0.6, 3000), (0.05, 0.6, 60)]);
        Assert.True(report.Passed);
        Assert.False(report.Groups.Single(group => group.Group == "g2").IsJudged);
        // A ratio below the limit whose interval holds 1 is no finding either.
        Assert.True(Run([(0.10, 0.6, 3000), (0.07, 0.6, 120)]).Passed);
    }

    [Fact]
    public void Run_NothingFlaggedOfTheReference_IsFound() => Assert.Contains(Run([(0, 0, 3000), (0.3, 0.6, 2000)]).Findings, finding => finding.Measure == "selection_rate");

    [Fact]
    public void Run_MeanProbabilityFarFromOutcomes_IsFoundWhereAsked()
    {
        Assert.Empty(Run([(0.3, 0.6, 3000), (0.3, 0.6, 3000)], shift: 0.2f).Findings);
        FairnessReport report = Run([(0.3, 0.6, 3000), (0.3, 0.6, 3000)], new FairnessRules { MostCalibrationGap = 0.1 }, 0.2f);
        Assert.Equal("calibration", Assert.Single(report.Findings).Measure);
    }

    [Fact]
    public void Run_WhatMakesNoSense_IsRefused()
    {
        Assert.Equal(8004, Assert.Throws<ChurnConfigException>(() => Run([(0.3, 0.6, 300), (0.3, 0.6, 300)], new FairnessRules { LeastSelectionRatio = 1.5 })).Code.Number);
        Assert.Equal(8006, Assert.Throws<ChurnDataException>(() => Run([(0.3, 0.6, 3000)])).Code.Number);
        Assert.Equal(8006, Assert.Throws<ChurnDataException>(() => Run([(0.3, 0.6, 3000), (0.3, 0.6, 50)])).Code.Number);
        ChurnConfigException reference = Assert.Throws<ChurnConfigException>(() => Run([(0.3, 0.6, 300), (0.3, 0.6, 300)], reference: "g7"));
        Assert.Equal(8005, reference.Code.Number);
        Assert.Contains("g0", reference.Hint, StringComparison.Ordinal);
        Assert.Equal("g1", Run([(0.3, 0.6, 300), (0.3, 0.6, 300)], reference: "g1").Reference);
    }

    // Groups by the share of those who stay that is flagged, the share of churners that is found, and rows; a quarter leaves.
    private static FairnessReport Run((double Flagged, double Found, int Rows)[] groups, FairnessRules? rules = null, float shift = 0, string? reference = null)
    {
        var random = new Random(17);
        List<int> group = [];
        List<float> labels = [], probability = [];
        for (int g = 0; g < groups.Length; g++)
        {
            for (int row = 0; row < groups[g].Rows; row++)
            {
                float label = random.Next(4) == 0 ? 1 : 0;
                group.Add(g);
                labels.Add(label);
                bool isFlagged = random.NextDouble() < (label == 1 ? groups[g].Found : groups[g].Flagged);
                // Means of the label: what is flagged and what is not differ, and their mean is the rate.
                probability.Add((isFlagged ? 0.3f : 0.2f) + (g == 1 ? shift : 0));
            }
        }
        float[] cuts = [.. group.Select(g => 0.25f + (g == 1 ? shift : 0))];
        return FairnessCheck.Run(new GroupedRows("group", [.. groups.Select((_, g) => $"g{g}")], [.. group]), [.. probability], [.. labels], cuts, rules ?? new FairnessRules(), reference);
    }
}
