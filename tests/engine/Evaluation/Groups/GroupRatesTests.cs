namespace ChurnEngine.Evaluation.Tests;

public class GroupRatesTests
{
    // Two groups of ten and five, one row without a value. By hand:
    //            flagged, left   flagged, stayed   missed   left alone
    //   a (10)   3               2                 1        4
    //   b (5)    1               0                 2        2
    private static readonly GroupedRows Rows = new("plan", ["b", "a", "nobody"], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, -1]);
    private static readonly float[] Labels = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1];
    private static readonly float[] Probability = [0.9f, 0.8f, 0.7f, 0.9f, 0.6f, 0.2f, 0.1f, 0.1f, 0.1f, 0.1f, 0.9f, 0.3f, 0.3f, 0.1f, 0.4f, 0.9f];
    private static readonly float[] Cuts = [.. Enumerable.Repeat(0.5f, 16)];

    [Fact]
    public void Measure_KnownCells_HasTheRatesByHand()
    {
        IReadOnlyList<GroupRates> groups = GroupRates.Measure(Rows, Probability, Labels, Cuts);
        Assert.Equal(["a", "b", GroupRates.Missing], groups.Select(group => group.Group));
        (GroupRates a, GroupRates b) = (groups[0], groups[1]);
        Assert.Equal((10, 4, 5), (a.Rows, a.Positives, a.Selected));
        Assert.Equal(0.5, a.SelectionRate.Value);
        Assert.Equal(0.75, a.TruePositiveRate.Value);
        Assert.Equal(2.0 / 6, a.FalsePositiveRate.Value, 1e-12);
        Assert.Equal(0.6, a.Precision.Value);
        Assert.Equal(0.45, a.MeanProbability, 1e-6);
        Assert.Equal(0.05, a.CalibrationGap, 1e-6);
        Assert.Equal((0.2, 1.0 / 3, 0.0, 1.0), (b.SelectionRate.Value, b.TruePositiveRate.Value, b.FalsePositiveRate.Value, b.Precision.Value));
        Assert.Equal(ShareInterval.Wilson(1, 5), b.SelectionRate);
        Assert.Null(a.SelectionRatio);

        GroupRates against = b.Against(a);
        Assert.Equal(0.4, against.SelectionRatio!.Value.Value, 1e-12);
        Assert.Equal(1.0 / 3 / 0.75, against.TruePositiveRatio!.Value.Value, 1e-12);
        Assert.Equal(0, against.FalsePositiveRatio!.Value.Value);
        Assert.Equal(Reliability.ExpectedCalibrationError(Probability.AsSpan(10, 5), Labels.AsSpan(10, 5)), b.Ece);
    }

    [Fact]
    public void Measure_CutsOfTheirOwn_AndOtherLengths()
    {
        float[] cuts = [.. Cuts];
        cuts[11] = cuts[12] = 0.3f;
        Assert.Equal(1, GroupRates.Measure(Rows, Probability, Labels, cuts)[1].TruePositiveRate.Value);
        Assert.Throws<ArgumentException>(() => GroupRates.Measure(Rows, Probability[1..], Labels, Cuts));
    }
}
