namespace ChurnEngine.Trainer.Tests;

public sealed class TuningSamplerTests
{
    private static readonly SearchSpace s_space = new(
    [
        SearchDimension.Range("learning_rate", 0.01, 1, isLog: true),
        SearchDimension.Range("l2", 0, 10),
        SearchDimension.Range("max_leaves", 4, 64, isLog: true, isWhole: true),
        SearchDimension.OneOf("growth", "leaf_wise", "depth_wise"),
    ]);

    [Fact]
    public void TextOf_EndsAndMiddle_AreThoseOfTheRange()
    {
        Assert.Equal(["0.01", "0.1", "1"], ((double[])[0, 0.5, 1]).Select(s_space.Dimensions[0].TextOf));
        Assert.Equal(["0", "5", "10"], ((double[])[0, 0.5, 1]).Select(s_space.Dimensions[1].TextOf));
        Assert.Equal(["4", "16", "64"], ((double[])[0, 0.5, 1]).Select(s_space.Dimensions[2].TextOf));
        Assert.Equal(["leaf_wise", "depth_wise"], ((double[])[0, 1]).Select(s_space.Dimensions[3].TextOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => SearchDimension.Range("l2", 0, 1, isLog: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => SearchDimension.Range("l2", 1, 1));
    }

    [Fact]
    public void Propose_AnySampler_StaysInside_AndIsTheSameAgain()
    {
        Observation[] seen = [.. Seen(40)];
        foreach (ISampler sampler in (ISampler[])[new RandomSampler(s_space, 3), new TpeSampler(s_space, 3)])
        {
            double[][] points = sampler.Propose(41, 50, seen);
            Assert.Equal(points, sampler.Propose(41, 50, seen));
            Assert.All(points, point => Assert.All(point[..3], place => Assert.InRange(place, 0, 1)));
            Assert.All(points, point => Assert.Contains(point[3], (double[])[0, 1]));
            // A trial's choice does not depend on how many are asked for with it.
            Assert.Equal(points[7], sampler.Propose(48, 1, seen)[0]);
        }
    }

    // The least of a bowl with one word better than the other; over 30 seeds, 40 trials each.
    [Fact]
    public void Propose_ABowl_TpeComesNearerThanRandom()
    {
        double[] differences = [.. Enumerable.Range(1, 30).Select(seed => Best(new RandomSampler(s_space, (ulong)seed)) - Best(new TpeSampler(s_space, (ulong)seed)))];
        double mean = differences.Average(), error = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / (differences.Length - 1) / differences.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"random - tpe: {mean:F4} +- {error:F4}");
        Assert.True(mean > 2 * error, $"random - tpe: {mean:F4} +- {error:F4}");
    }

    [Fact]
    public void Shares_ManyRows_AreThree_FewRowsOne()
    {
        Assert.Equal([1 / 9.0, 1 / 3.0, 1], SuccessiveHalving.Shares(new SearchOptions(), 10_000).Select(share => Math.Round(share * 9) / 9));
        Assert.Equal(2, SuccessiveHalving.Shares(new SearchOptions(), 2000).Length);
        Assert.Equal([1.0], SuccessiveHalving.Shares(new SearchOptions(), 900));
        Assert.Equal([1.0], SuccessiveHalving.Shares(new SearchOptions { Halving = false }, 1_000_000));
        Assert.Equal(3, SuccessiveHalving.Shares(new SearchOptions { Resource = HalvingResource.Trees }, 100).Length);
        Assert.Equal((9, 3, 4), (SuccessiveHalving.BracketOf(3), SuccessiveHalving.BracketOf(2), SuccessiveHalving.BracketOf(1)));
        Assert.Equal((3, 1, 1), (SuccessiveHalving.Promoted(9), SuccessiveHalving.Promoted(3), SuccessiveHalving.Promoted(2)));
    }

    private static double Best(ISampler sampler)
    {
        List<Observation> seen = [];
        for (int first = 1; first <= 40; first += 4)
            seen.AddRange(sampler.Propose(first, 4, [.. seen]).Select(point => new Observation(point, Bowl(point))));
        return seen.Min(trial => trial.Loss);
    }

    private static IEnumerable<Observation> Seen(int trials) => new RandomSampler(s_space, 9).Propose(1, trials, []).Select(point => new Observation(point, Bowl(point)));

    private static double Bowl(double[] point) => Math.Pow(point[0] - 0.8, 2) + Math.Pow(point[1] - 0.2, 2) + 0.3 * Math.Pow(point[2] - 0.5, 2) + (point[3] == 1 ? 0.2 : 0);
}
