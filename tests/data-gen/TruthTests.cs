using ChurnEngine.DataGen.Streaming;

namespace ChurnEngine.DataGen.Tests;

public class TruthTests(StandardWorld world)
{
    private const long Day = 86_400_000_000;
    private const long Start = 1_704_067_200_000_000;

    [Fact]
    public void Truth_DrawnRate_IsAboutFifteenPercent()
    {
        Draw[] drawn = Oracle.Drawn(world);
        double rate = drawn.Average(d => d.Churned ? 1 : 0);
        Assert.Equal(world.Report.AtRisk, drawn.Length);
        Assert.Equal(world.Report.ChurnRate, rate, 12);
        Assert.InRange(rate, 0.13, 0.17);
    }

    [Fact]
    public void Truth_OracleAuc_IsHighButNotPerfect() => Assert.InRange(Oracle.RocAuc(Oracle.Drawn(world)), 0.84, 0.88);

    [Fact]
    public void Truth_EveryMonth_IsCalibratedAndThePopulationHolds()
    {
        long[] asOf = world.Truth.Integers(TruthFile.AsOf).ToArray();
        Assert.Equal(13, asOf.Distinct().Count());
        int[] sizes = new int[13];
        for (int month = 0; month <= 12; month++)
        {
            long instant = Start + month * 30 * Day;
            int[] rows = [.. Enumerable.Range(0, asOf.Length).Where(row => asOf[row] == instant)];
            sizes[month] = rows.Length;
            if (month < 12)
                Oracle.AssertCalibrated([.. rows.Select(row => Oracle.Row(world.Truth, row))], $"month {month}");
            else
                Assert.All(rows, row => Assert.Equal(CapturedTable.Null, world.Truth.Integers(TruthFile.Churned)[row]));
        }
        Assert.All(sizes, size => Assert.InRange(size, sizes.Average() * 0.85, sizes.Average() * 1.15));
        Assert.Equal(world.Report.ToScore, sizes[12]);
    }

    // The files alone say who was at risk when and what came of it.
    [Fact]
    public void Truth_RowsAndOutcomes_FollowFromTheFiles()
    {
        History[] histories = History.Sample(world, every: 20);
        foreach (History history in histories)
        {
            List<(long, long)> expected = [];
            for (int month = 0; month <= 12; month++)
            {
                long t = Start + month * 30 * Day;
                if (history.SignupAt < t && t <= history.CancelAt)
                    expected.Add((t, month == 12 ? CapturedTable.Null : history.CancelAt < t + 30 * Day ? 1 : 0));
            }
            Assert.Equal(expected, history.Truth.Select(row => (row.AsOf, row.Churned)));
        }
    }

    [Fact]
    public void Truth_Probabilities_FollowFromTheWrittenHistoryBeforeTheInstant()
    {
        History[] histories = History.Sample(world, every: 20);
        int compared = 0;
        foreach (History history in histories)
        {
            foreach ((long asOf, double probability, _) in history.Truth)
            {
                Assert.Equal(probability, ChurnLaw.Probability(history.Before(asOf)), 1e-9);
                compared++;
            }
        }
        Assert.True(compared > 3000, $"only {compared} probabilities were compared");
    }
}
