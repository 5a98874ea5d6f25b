using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class SamplerTests
{
    [Fact]
    public void UniformRows_Weigh_IsKeyedByTreeAndRowAlone()
    {
        var sampler = new UniformRows(0.4, seed: 3);
        float[] whole = Weights(sampler, 7, 0, new float[1000]);
        Assert.Equal(whole[500..800], Weights(sampler, 7, 500, new float[300]));
        Assert.NotEqual(whole, Weights(sampler, 8, 0, new float[1000]));
        Assert.NotEqual(whole, Weights(new UniformRows(0.4, seed: 4), 7, 0, new float[1000]));
        Assert.All(whole, weight => Assert.True(weight is 0 or 1));
        Assert.InRange(whole.Sum(), 350, 450);
    }

    [Fact]
    public void GossRows_Weigh_KeepsTheLargestAndASampleThatStandsForTheOthers()
    {
        const int Rows = 40_000;
        var random = new Random(5);
        float[] gradients = [.. Enumerable.Range(0, Rows).Select(_ => (float)(random.NextDouble() * random.NextDouble() - 0.3))];
        var sampler = new GossRows(0.2, 0.1, seed: 3);
        float[] weights = Weights(sampler, 2, 0, gradients);
        float[] sorted = [.. gradients.Select(MathF.Abs).OrderDescending()];
        for (int row = 0; row < Rows; row++)
            Assert.True(MathF.Abs(gradients[row]) >= sorted[Rows / 5 - 1] ? weights[row] == 1 : weights[row] is 0 or 8);
        Assert.InRange(weights.Count(weight => weight == 8), 0.09 * Rows, 0.11 * Rows);
        // The sample stands for the others: its sum is right but for chance.
        Assert.Equal(gradients.Sum(g => (double)g), gradients.Zip(weights, (g, w) => (double)g * w).Sum(), 0.03 * Rows * 0.3);
        Assert.Equal(weights[1000..2000], Weights(sampler, 2, 1000, gradients[1000..2000], start: false));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.2)]
    [InlineData(1)]
    public unsafe void MagnitudeOfTop_AnyShare_IsTheExactOrderStatistic(double share)
    {
        var random = new Random(9);
        float[] gradients = [.. Enumerable.Range(0, 5003).Select(i => i % 5 == 0 ? 0.25f : (random.NextSingle() - 0.5f) * MathF.Exp(random.Next(-9, 9)))];
        GradientPair[] pairs = [.. gradients.Select(g => new GradientPair(BitConverter.SingleToInt32Bits(g), 0))];
        using var team = new WorkTeam(3, CancellationToken.None);
        fixed (GradientPair* pointer = pairs)
            Assert.Equal(gradients.Select(MathF.Abs).OrderDescending().ElementAt(Math.Max(1, (int)Math.Round(share * gradients.Length)) - 1), new MagnitudeRanks(pointer, pairs.Length, team).MagnitudeOfTop(share));
    }

    [Fact]
    public void NodeFeatures_OtherColumnOrder_DrawsTheSameNames()
    {
        FeatureInfo[] features = [.. Enumerable.Range(0, 20).Select(i => TestRows.Numeric($"x{i}"))];
        FeatureInfo[] reversed = [.. features.Reverse()];
        int[] usable = [.. Enumerable.Range(0, 20)];
        var options = new BoosterOptions { ColumnSample = 0.6, ColumnSampleByLevel = 0.5, ColumnSampleByNode = 0.5, Seed = 1 };
        var a = new NodeFeatures(features, usable, options);
        var b = new NodeFeatures(reversed, usable, options);
        var seen = new HashSet<string>();
        for (int tree = 0; tree < 50; tree++)
        {
            HashSet<string> ofTree = [.. a.StartTree(tree).ToArray().Select(f => features[f].Name)];
            Assert.Equal(12, ofTree.Count);
            Assert.Equal(ofTree.Order(), b.StartTree(tree).ToArray().Select(f => reversed[f].Name).Order());
            seen.UnionWith(ofTree);
            var ofLevel = new HashSet<string>();
            foreach (bool right in (bool[])[false, true])
            {
                NodePlace child = NodePlace.Root.Child(right, ulong.MaxValue);
                string[] ofNode = Marked(a, child, features);
                Assert.Equal(3, ofNode.Length);
                Assert.Subset(ofTree, ofNode.ToHashSet());
                Assert.Equal(ofNode.Order(), Marked(b, child, reversed).Order());
                ofLevel.UnionWith(ofNode);
            }
            // Both draw from the six of their level.
            Assert.InRange(ofLevel.Count, 3, 6);
        }
        Assert.Equal(20, seen.Count);
    }

    [Fact]
    public void KeyedRandom_Unit_IsUniform()
    {
        int[] counts = new int[10];
        for (ulong i = 0; i < 100_000; i++)
            counts[(int)(KeyedRandom.Unit(5, 6, i) * 10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    // Written down, so that a release cannot change it unseen: models would no longer reproduce.
    [Fact]
    public void KeyedRandom_Bits_StayTheSameInEveryRelease() =>
        Assert.Equal((KeyedRandom.Bits(0, 0, 0), KeyedRandom.OfName("plays_7d")), (2558736989570252433UL, 647585190208038926UL));

    private static string[] Marked(NodeFeatures features, NodePlace place, FeatureInfo[] infos)
    {
        bool[] mayBeSplit = new bool[infos.Length];
        features.Mark(place, mayBeSplit);
        return [.. infos.Where((_, feature) => mayBeSplit[feature]).Select(info => info.Name)];
    }

    private static unsafe float[] Weights(IRowSampler sampler, int tree, int firstRow, float[] gradients, bool start = true)
    {
        GradientPair[] pairs = [.. gradients.Select(g => new GradientPair(BitConverter.SingleToInt32Bits(g), 0))];
        float[] weights = new float[gradients.Length];
        fixed (GradientPair* pointer = pairs)
        {
            if (start)
                sampler.StartTree(tree, new MagnitudeRanks(pointer, pairs.Length, TestRows.OneThread));
            sampler.Weigh(tree, firstRow, gradients, weights);
        }
        return weights;
    }
}
