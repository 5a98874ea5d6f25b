namespace ChurnEngine.Evaluation.Tests;

public class RocAucTests
{
    // The example of scikit-learn's roc_auc_score.
    [Fact]
    public void Compute_ScikitLearnExample_Is075() =>
        Assert.Equal(0.75, RocAuc.Compute([0.1f, 0.4f, 0.35f, 0.8f], [0, 0, 1, 1]));

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void Compute_RandomWithTies_EqualsAllPairs(int seed, int rows, int levels)
    {
        (float[] scores, float[] labels) = Samples.Draw(seed, rows, levels);
        labels[0] = 1;
        labels[1] = 0;
        Assert.Equal(AllPairs(scores, labels).Auc, RocAuc.Compute(scores, labels), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Samples.Cases), MemberType = typeof(Samples))]
    public void DeLong_RandomWithTies_EqualsPlacementsOfAllPairs(int seed, int rows, int levels)
    {
        (float[] scores, float[] labels) = Samples.Draw(seed, rows + 20, levels);
        (double auc, double error) = AllPairs(scores, labels);

        AucInterval interval = RocAuc.DeLong(scores, labels);

        Assert.Equal(auc, interval.Auc, 1e-12);
        Assert.Equal(error, interval.StandardError, 1e-12);
        Assert.Equal(Math.Max(0, auc - 1.959963984540054 * error), interval.Lower, 1e-12);
        Assert.Equal(Math.Min(1, auc + 1.959963984540054 * error), interval.Upper, 1e-12);
    }

    // Positives 2, 4; negatives 1, 3. Placements of the positives: 1/2 and 1; of the negatives: 1 and 1/2; area 3/4.
    // Each variance is 1/8, so the variance of the area is 1/16 + 1/16.
    [Fact]
    public void DeLong_FourRows_EqualsHandWorked()
    {
        AucInterval interval = RocAuc.DeLong([1, 2, 3, 4], [0, 1, 0, 1]);
        Assert.Equal(0.75, interval.Auc);
        Assert.Equal(Math.Sqrt(0.125), interval.StandardError, 1e-15);
        Assert.Equal(1, interval.Upper);
    }

    [Fact]
    public void DeLong_ManySamples_CoversTheTrueAreaAboutNineteenTimesInTwenty()
    {
        // Normal scores one standard deviation apart: the true area is Phi(1 / sqrt 2).
        const double truth = 0.7602499389065233;
        int covered = 0;
        var random = new Random(17);
        for (int sample = 0; sample < 400; sample++)
        {
            float[] scores = new float[300], labels = new float[300];
            for (int row = 0; row < 300; row++)
            {
                labels[row] = row % 3 == 0 ? 1 : 0;
                scores[row] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) + labels[row]);
            }
            AucInterval interval = RocAuc.DeLong(scores, labels);
            covered += interval.Lower <= truth && truth <= interval.Upper ? 1 : 0;
        }
        Assert.InRange(covered, 360, 395);
    }

    [Fact]
    public void Compute_AnyIncreasingMap_ChangesNothing_AndNegationMirrors()
    {
        (float[] scores, float[] labels) = Samples.Draw(9, 5000, 200);
        double auc = RocAuc.Compute(scores, labels);
        Assert.Equal(auc, RocAuc.Compute([.. scores.Select(s => 8f * s - 3f)], labels));
        Assert.Equal(1 - auc, RocAuc.Compute([.. scores.Select(s => -s)], labels), 1e-12);
        Assert.Equal(1 - auc, RocAuc.Compute(scores, [.. labels.Select(y => 1 - y)]), 1e-12);
        Assert.Equal(auc, RocAuc.Compute([.. scores.Reverse()], [.. labels.Reverse()]));
    }

    [Fact]
    public void Compute_Constant_IsHalf_PerfectIsOne_OneClassIsNaN()
    {
        Assert.Equal(0.5, RocAuc.Compute([3, 3, 3], [0, 1, 0]));
        Assert.Equal(1, RocAuc.Compute([1, 2, 3], [0, 1, 1]));
        Assert.Equal(double.NaN, RocAuc.Compute([1, 2], [1, 1]));
        Assert.Equal(double.NaN, RocAuc.Compute([], []));
        Assert.Equal(double.NaN, RocAuc.DeLong([1, 2, 3], [0, 0, 1]).StandardError);
        Assert.Equal(0, RocAuc.DeLong([1, 2, 3, 4], [0, 0, 1, 1]).StandardError);
    }

    private static (double Auc, double StandardError) AllPairs(float[] scores, float[] labels)
    {
        double[] positives = [.. scores.Where((_, i) => labels[i] == 1).Select(s => (double)s)];
        double[] negatives = [.. scores.Where((_, i) => labels[i] == 0).Select(s => (double)s)];
        double[] ofPositives = [.. positives.Select(p => negatives.Average(n => p > n ? 1.0 : p == n ? 0.5 : 0))];
        double[] ofNegatives = [.. negatives.Select(n => positives.Average(p => p > n ? 1.0 : p == n ? 0.5 : 0))];
        return (ofPositives.Average(), Math.Sqrt(Variance(ofPositives) / positives.Length + Variance(ofNegatives) / negatives.Length));
    }

    private static double Variance(double[] values) => values.Sum(v => (v - values.Average()) * (v - values.Average())) / (values.Length - 1);
}
