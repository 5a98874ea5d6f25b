using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class SamplerTests
{
    [Fact]
    public void RowSampler_Keep_IsKeyedByTreeAndRowAlone()
    {
        var sampler = new RowSampler(0.4, seed: 3);
        int[] whole = new int[1000], part = new int[300];
        whole = whole[..sampler.Keep(7, 0, whole)];
        part = part[..sampler.Keep(7, 500, part)];
        Assert.Equal(whole.Where(row => row is >= 500 and < 800), part);
        Assert.NotEqual(whole, Kept(sampler, 8));
        Assert.NotEqual(whole, Kept(new RowSampler(0.4, seed: 4), 7));
        Assert.InRange(whole.Length, 350, 450);
    }

    [Fact]
    public void ColumnSampler_Choose_GoesByNameNotByPlace()
    {
        FeatureInfo[] features = [.. Enumerable.Range(0, 20).Select(i => TestRows.Numeric($"x{i}"))];
        FeatureInfo[] reversed = [.. features.Reverse()];
        int[] usable = [.. Enumerable.Range(0, 20)];
        var a = new ColumnSampler(features, usable, 0.3, seed: 1);
        var b = new ColumnSampler(reversed, usable, 0.3, seed: 1);
        var seen = new HashSet<string>();
        for (int tree = 0; tree < 50; tree++)
        {
            string[] chosen = [.. a.Choose(tree).ToArray().Select(f => features[f].Name)];
            Assert.Equal(6, chosen.Distinct().Count());
            Assert.Equal(chosen, b.Choose(tree).ToArray().Select(f => reversed[f].Name));
            seen.UnionWith(chosen);
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

    private static int[] Kept(RowSampler sampler, int tree)
    {
        int[] kept = new int[1000];
        return kept[..sampler.Keep(tree, 0, kept)];
    }
}
