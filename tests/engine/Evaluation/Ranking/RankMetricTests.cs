namespace ChurnEngine.Evaluation.Tests;

public class RankMetricTests
{
    // The example of scikit-learn's average_precision_score, which prints 0.83.
    [Fact]
    public void AveragePrecision_ScikitLearnExample_IsFiveSixths() =>
        Assert.Equal(0.5 + 0.5 * 2 / 3, AveragePrecision.Compute([0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1]), 1e-15);

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void AveragePrecision_RandomWithTies_EqualsSumOverThresholds(int seed, int rows, int levels)
    {
        (float[] scores, float[] labels) = Samples.Draw(seed, rows, levels);
        labels[0] = 1;
        labels[1] = 0;
        double expected = 0, recallBefore = 0;
        foreach (float threshold in scores.Distinct().OrderDescending())
        {
            Confusion cells = Confusion.At(scores, labels, threshold);
            expected += (cells.Recall - recallBefore) * cells.Precision;
            recallBefore = cells.Recall;
        }
        Assert.Equal(expected, AveragePrecision.Compute(scores, labels), 1e-12);
    }

    [Fact]
    public void AveragePrecision_Constant_IsThePositiveRate_OneClassIsNaN()
    {
        Assert.Equal(0.25, AveragePrecision.Compute([1, 1, 1, 1], [0, 1, 0, 0]));
        Assert.Equal(double.NaN, AveragePrecision.Compute([1, 2], [0, 0]));
    }

    [Fact]
    public void TopShare_TenRows_EqualsHandWorked()
    {
        float[] scores = [0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f, 0.3f, 0.2f, 0.1f, 0f];
        float[] labels = [1, 1, 0, 1, 0, 0, 0, 0, 0, 1];
        Assert.Equal(1, TopShare.Precision(scores, labels, 0.1));
        Assert.Equal(2.5, TopShare.Lift(scores, labels, 0.2));
        Assert.Equal(0.75, TopShare.Precision(scores, labels, 0.4));
        Assert.Equal(1, TopShare.Lift(scores, labels, 1));
        Assert.Equal(double.NaN, TopShare.Lift(scores, new float[10], 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopShare.Precision(scores, labels, 0));
    }

    [Fact]
    public void TopShare_TiesAcrossTheCut_CountTheirAverageInAnyOrder()
    {
        // One sure positive, then four rows of one score with one positive: the top two hold 1 + 1/4 positives.
        float[] scores = [0.9f, 0.5f, 0.5f, 0.5f, 0.5f];
        Assert.Equal(0.625, TopShare.Precision(scores, [1, 1, 0, 0, 0], 0.4));
        Assert.Equal(0.625, TopShare.Precision(scores, [1, 0, 0, 0, 1], 0.4));
    }

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void BestF1_Random_IsReachedAndNoThresholdBeatsIt(int seed, int rows, int levels)
    {
        (float[] probability, float[] labels) = Samples.Draw(seed, rows, levels);
        labels[0] = 1;
        ThresholdDecision choice = ThresholdChooser.Choose(s_f1, probability, labels);
        double best = probability.Distinct().Max(t => Confusion.At(probability, labels, t).F1);
        Assert.Equal(best, Confusion.At(probability, labels, choice.Threshold).F1, 1e-12);
        Assert.Equal((float)choice.Threshold, choice.Threshold);
    }

    [Fact]
    public void BestF1_Gap_IsItsMiddle_NeighbouringFloatsStayApart_NoPositiveIsHalf()
    {
        Assert.Equal(new ThresholdDecision(0.5, true, 1, 1, 1, 2), ThresholdChooser.Choose(s_f1, [0.25f, 0.75f], [0, 1]));
        float low = 0.3f, high = MathF.BitIncrement(low);
        foreach (float shift in new[] { 0f, 1f })
        {
            (float below, float above) = shift == 0 ? (low, high) : (high, MathF.BitIncrement(high));
            ThresholdDecision choice = ThresholdChooser.Choose(s_f1, [below, above], [0, 1]);
            Assert.Equal(1, Confusion.At([below, above], [0, 1], choice.Threshold).F1);
        }
        Assert.Equal(new ThresholdDecision(0.5, false, 0, 0, 1, 2), ThresholdChooser.Choose(s_f1, [0.25f, 0.75f], [0, 0]));
    }

    private static readonly ThresholdRule s_f1 = new ThresholdRule.ByFBeta(1);
}
