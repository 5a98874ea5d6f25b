namespace ChurnEngine.Evaluation.Tests.Ranking;

public class ThresholdChooserTests
{
    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void Choose_Random_KeepsItsRuleAndNoThresholdBeatsIt(int seed, int rows, int levels)
    {
        (float[] probability, float[] labels) = Samples.Draw(seed, rows, levels);
        labels[0] = 1;
        Confusion[] all = [.. probability.Distinct().Select(cut => Confusion.At(probability, labels, cut))];

        Confusion f2 = At(new ThresholdRule.ByFBeta(2), out _);
        Assert.Equal(all.Max(F2), F2(f2), 1e-12);

        Confusion precise = At(new ThresholdRule.ByPrecision(0.5), out bool keptPrecision);
        Confusion[] reaching = [.. all.Where(cells => cells.Precision >= 0.5)];
        Assert.Equal(reaching.Length > 0, keptPrecision);
        Assert.Equal(keptPrecision ? reaching.Max(cells => cells.Recall) : all.Max(cells => cells.Precision), keptPrecision ? precise.Recall : precise.Precision, 1e-12);

        Confusion recalling = At(new ThresholdRule.ByRecall(0.7), out bool keptRecall);
        Assert.True(keptRecall && recalling.Recall >= 0.7);
        Assert.Equal(all.Where(cells => cells.Recall >= 0.7).Max(cells => cells.Precision), recalling.Precision, 1e-12);

        int contacts = Math.Max(1, rows / 3);
        Confusion reachable = At(new ThresholdRule.ByCapacity(contacts), out bool keptCapacity);
        long[] flagged = [.. all.Select(cells => cells.TruePositives + cells.FalsePositives).Where(count => count <= contacts)];
        Assert.Equal(flagged.Length > 0, keptCapacity);
        if (keptCapacity)
            Assert.Equal(flagged.Max(), reachable.TruePositives + reachable.FalsePositives);

        Confusion At(ThresholdRule rule, out bool isKept)
        {
            ThresholdDecision decision = ThresholdChooser.Choose(rule, probability, labels);
            isKept = decision.IsKept;
            Assert.Equal((float)decision.Threshold, decision.Threshold);
            Confusion cells = Confusion.At(probability, labels, decision.Threshold);
            Assert.Equal((cells.Precision, cells.Recall, cells.TruePositives + cells.FalsePositives, (long)rows), (decision.Precision, decision.Recall, decision.Flagged, decision.Rows));
            return cells;
        }

        static double F2(Confusion cells) => cells.TruePositives == 0 ? 0 : 5.0 * cells.TruePositives / (5.0 * cells.TruePositives + cells.FalsePositives + 4.0 * cells.FalseNegatives);
    }

    [Fact]
    public void Choose_ByValue_IsWhereAContactPays()
    {
        ThresholdDecision decision = ThresholdChooser.Choose(new ThresholdRule.ByValue(600, 12, 0.4), [0.01f, 0.04f, 0.06f, 0.9f], [0, 0, 1, 1]);
        Assert.Equal(new ThresholdDecision(0.05f, true, 1, 1, 2, 4), decision);
        Assert.Contains("expected value above 0", decision.Reason(new ThresholdRule.ByValue(600, 12, 0.4)), StringComparison.Ordinal);
        Assert.False(ThresholdChooser.Choose(new ThresholdRule.ByValue(10, 12, 0.4), [0.5f], [1]).IsKept);
    }

    // On labels that say nothing the best cut of the rows searched looks good; on later rows its precision is the share of positives, and F1 what flagging so many at random gives.
    [Fact]
    public void Choose_RandomLabels_GainsNothingOnRowsHeldOut()
    {
        var random = new Random(11);
        double lift = 0, found = 0;
        const int Worlds = 60, Rows = 1000;
        for (int world = 0; world < Worlds; world++)
        {
            (float[] probability, float[] labels) = Draw();
            (float[] Probability, float[] Labels) held = Draw();
            var rule = new ThresholdRule.ByPrecision(0.3);
            ThresholdDecision decision = ThresholdChooser.Choose(rule, probability, labels);
            Confusion cells = Confusion.At(held.Probability, held.Labels, decision.Threshold);
            found += decision.Precision / 0.25 / Worlds;
            lift += cells.TruePositives + cells.FalsePositives == 0 ? 1.0 / Worlds : cells.Precision / 0.25 / Worlds;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"lift where searched {found:F3}, held out {lift:F3}");
        Assert.True(found > 1.1, $"searched {found:F3}");
        Assert.InRange(lift, 0.85, 1.15);

        (float[], float[]) Draw() => ([.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())], [.. Enumerable.Range(0, Rows).Select(_ => random.Next(4) == 0 ? 1f : 0)]);
    }

    [Fact]
    public void Choose_FloorOutOfReach_TakesTheNearestAndSaysSo()
    {
        var rule = new ThresholdRule.ByPrecision(0.9);
        ThresholdDecision decision = ThresholdChooser.Choose(rule, [0.9f, 0.8f, 0.7f, 0.1f], [0, 1, 1, 0]);
        Assert.False(decision.IsKept);
        Assert.Equal((2.0 / 3, 3L), (decision.Precision, decision.Flagged));
        Assert.StartsWith("precision at least 0.9 cannot be reached; the nearest flags 3 of 4", decision.Reason(rule), StringComparison.Ordinal);
        Assert.Equal(0.5, ThresholdChooser.Choose(rule, [0.2f], [0]).Threshold);
    }

    [Fact]
    public void ConfusionAt_ThresholdsOfRows_CountsEachByItsOwn()
    {
        float[] probability = [0.2f, 0.2f, 0.8f, 0.8f], labels = [1, 0, 1, 0];
        Assert.Equal(new Confusion(2, 0, 0, 2), Confusion.At(probability, labels, [0.1f, 0.3f, 0.7f, 0.9f]));
        Assert.Equal(Confusion.At(probability, labels, 0.5), Confusion.At(probability, labels, [0.5f, 0.5f, 0.5f, 0.5f]));
    }
}
