namespace ChurnEngine.Evaluation.Tests;

public class RankedScoresTests
{
    [Fact]
    public void Groups_HostileFloats_ComeInNumericOrderAndZerosTie()
    {
        float[] scores = [0f, -0f, float.NegativeInfinity, float.PositiveInfinity, -1f, 1f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue];
        float[] labels = [1, 0, 0, 1, 0, 1, 1, 0, 1, 0];

        using RankedScores ranked = RankedScores.Sort(scores, labels);
        List<TieGroup> groups = [];
        foreach (TieGroup group in ranked)
            groups.Add(group);

        Assert.Equal(
            [float.PositiveInfinity, float.MaxValue, 1f, float.Epsilon, 0f, -float.Epsilon, -1f, float.MinValue, float.NegativeInfinity],
            groups.Select(g => g.Score));
        Assert.Equal(new TieGroup(0f, 1, 1), groups[4]);
        Assert.Equal(5, ranked.Positives);
    }

    [Theory]
    [InlineData(float.NaN, 0f), InlineData(0.5f, 2f), InlineData(0.5f, float.NaN)]
    public void Sort_NaNOrForeignLabel_Throws(float score, float label)
    {
        var error = Assert.Throws<ArgumentException>(() => RocAuc.Compute([0.1f, score], [1f, label]));
        Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sort_LengthsDiffer_Throws() => Assert.Throws<ArgumentException>(() => RocAuc.Compute([0.1f], [1f, 0f]));
}
