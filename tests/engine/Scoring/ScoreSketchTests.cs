namespace ChurnEngine.Scoring.Tests;

public class ScoreSketchTests
{
    private static readonly int[] s_percents = [1, 5, 10, 25, 50, 75, 90, 95, 99];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void Summarise_PartsOfRandomScores_QuantilesAreWithinTheirPromise(int rows)
    {
        var random = new Random(rows);
        float[] scores = [.. Enumerable.Range(0, rows).Select(_ => (float)Math.Pow(random.NextDouble(), 3))];

        ScoreSummary summary = Summary(scores, parts: 7);

        float[] sorted = [.. scores.Order()];
        Assert.Equal(sorted[0], summary.Min);
        Assert.Equal(sorted[^1], summary.Max);
        Assert.Equal(scores.Average(score => (double)score), summary.Mean, 1e-9);
        foreach (int percent in s_percents)
        {
            double exact = sorted[(int)(((long)rows * percent + 99) / 100) - 1];
            Assert.InRange(summary.Quantiles[$"p{percent}"], exact * 0.996, exact * 1.004);
        }
    }

    [Fact]
    public void Summarise_NegativeAndPositive_KeepTheirOrder()
    {
        ScoreSummary summary = Summary([-1000, -1, -0.001f, 0, 0.001f, 1, 1000], parts: 2);

        Assert.Equal((-1000, 1000), (summary.Min, summary.Max));
        Assert.InRange(summary.Quantiles["p50"], -1e-30, 1e-30);
        Assert.InRange(summary.Quantiles["p25"], -1.004, -0.996);
        Assert.InRange(summary.Quantiles["p75"], 0.996, 1.004);
    }

    [Fact]
    public void Summarise_OneScoreOnly_IsExact()
    {
        ScoreSummary summary = Summary([0.3f, 0.3f], parts: 1);

        Assert.All(summary.Quantiles.Values, value => Assert.Equal(0.3f, value));
    }

    [Fact]
    public void Summarise_NoRows_IsNull() => Assert.Null(ScoreSketch.Summarise([ScoreSketch.Of([])]));

    private static ScoreSummary Summary(float[] scores, int parts)
    {
        int each = (scores.Length + parts - 1) / parts;
        return ScoreSketch.Summarise(scores.Chunk(each).Select(part => ScoreSketch.Of(part)))!;
    }
}
