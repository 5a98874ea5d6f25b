using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class BinMapperTests
{
    public static TheoryData<string, int> Columns()
    {
        var data = new TheoryData<string, int>();
        foreach (string name in Samples.Keys)
        {
            foreach (int maxBins in (int[])[2, 3, 16, 254, 255])
                data.Add(name, maxBins);
        }
        return data;
    }

    private static readonly Dictionary<string, float[]> Samples = new()
    {
        ["empty"] = [],
        ["all missing"] = [float.NaN, float.NaN],
        ["constant"] = [3, 3, 3],
        ["two neighbours"] = [1, MathF.BitIncrement(1)],
        ["two zeros"] = [-0f, 0f, -0f, 0f, 1],
        ["infinities"] = [float.NegativeInfinity, -1, 0, 1, float.PositiveInfinity, float.NaN],
        ["only infinities"] = [float.NegativeInfinity, float.PositiveInfinity],
        ["extremes"] = [float.MinValue, -1, 0, float.Epsilon, 1, float.MaxValue],
        ["subnormals"] = [.. Enumerable.Range(-300, 600).Select(i => i * float.Epsilon)],
        ["few"] = [.. Enumerable.Range(0, 1000).Select(i => (float)(i % 7))],
        ["255 distinct"] = [.. Enumerable.Range(0, 255).Select(i => i * 0.1f)],
        ["256 distinct"] = [.. Enumerable.Range(0, 256).Select(i => i * 0.1f)],
        ["many"] = [.. Enumerable.Range(0, 5000).Select(i => MathF.Sin(i) * i)],
        ["mostly zero"] = [.. Enumerable.Range(0, 5000).Select(i => i % 5 == 0 ? MathF.Exp(i % 997 * 0.01f) : 0)],
        ["neighbours"] = Neighbours(1000),
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void BinOf_AnyValue_AgreesWithEveryThreshold(string name, int maxBins)
    {
        BinMapper mapper = BinMapper.Fit(FeatureKind.Numeric, (float[])Samples[name].Clone(), maxBins);
        Assert.InRange(mapper.ValueBins, 1, maxBins);
        Assert.Equal(float.PositiveInfinity, mapper.UpperEdges[^1]);
        Assert.Equal(mapper.UpperEdges.Distinct().Order(), mapper.UpperEdges);
        IEnumerable<float> probes = Samples[name].Concat(mapper.UpperEdges).Where(value => !float.IsNaN(value))
            .SelectMany(value => (float[])[MathF.BitDecrement(value), value, MathF.BitIncrement(value)])
            .Concat([0f, -0f, float.MinValue, float.MaxValue, float.NegativeInfinity, float.PositiveInfinity, float.Epsilon]);
        foreach (float value in probes)
        {
            int bin = mapper.BinOf(value);
            Assert.InRange(bin, 0, mapper.ValueBins - 1);
            for (int edge = 0; edge < mapper.ValueBins; edge++)
                Assert.True(value <= mapper.UpperEdges[edge] == bin <= edge, $"{value:G9} in bin {bin}, edge {edge} at {mapper.UpperEdges[edge]:G9}");
        }
        Assert.Equal(mapper.MissingBin, mapper.BinOf(float.NaN));
        Assert.Equal(mapper.ValueBins, mapper.MissingBin);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(255)]
    public void Fit_NoMoreDistinctValuesThanBins_GivesEachItsOwn(int distinct)
    {
        float[] sample = [.. Enumerable.Range(0, 2000).Select(i => MathF.Sqrt(i % distinct))];
        BinMapper mapper = BinMapper.Fit(FeatureKind.Numeric, (float[])sample.Clone(), 255);
        Assert.Equal(distinct, mapper.ValueBins);
        Assert.Equal(distinct, sample.Distinct().Select(value => mapper.BinOf(value)).Distinct().Count());
    }

    [Fact]
    public void Fit_ManyDistinctValues_FillsBinsEqually()
    {
        float[] sample = [.. Enumerable.Range(0, 100_000).Select(i => i * 0.5f)];
        BinMapper mapper = BinMapper.Fit(FeatureKind.Numeric, (float[])sample.Clone(), 255);
        Assert.Equal(255, mapper.ValueBins);
        int[] counts = new int[255];
        foreach (float value in sample)
            counts[mapper.BinOf(value)]++;
        Assert.All(counts, count => Assert.InRange(count, 380, 400));
    }

    [Fact]
    public void Fit_FrequentValueAmongMany_StandsAlone()
    {
        float[] sample = [.. Samples["mostly zero"]];
        BinMapper mapper = BinMapper.Fit(FeatureKind.Numeric, (float[])sample.Clone(), 32);
        Assert.Equal([0f], sample.Where(value => mapper.BinOf(value) == mapper.BinOf(0)).Distinct());
        Assert.Equal(32, mapper.ValueBins);
    }

    [Theory]
    [InlineData("empty", false)]
    [InlineData("all missing", false)]
    [InlineData("constant", false)]
    [InlineData("two zeros", true)]
    [InlineData("two neighbours", true)]
    public void IsUsable_SaysWhetherASplitIsThinkable(string name, bool usable) =>
        Assert.Equal(usable, BinMapper.Fit(FeatureKind.Numeric, (float[])Samples[name].Clone(), 255).IsUsable);

    [Fact]
    public void IsUsable_TwoSignsOfZero_AreOneValue() =>
        Assert.False(BinMapper.Fit(FeatureKind.Numeric, new[] { -0f, 0f }, 255).IsUsable);

    [Fact]
    public void IsUsable_ConstantWithMissing_IsTrue() =>
        Assert.True(BinMapper.Fit(FeatureKind.Numeric, new[] { 5f, float.NaN, 5f }, 255).IsUsable);

    [Fact]
    public void Fit_Categories_KeepsTheMostFrequentAndPoolsTheRest()
    {
        float[] sample = [9, 9, 9, 4, 4, 7, 7, 1, float.NaN, -3, 2.5f, float.PositiveInfinity, 1e9f];
        BinMapper mapper = BinMapper.Fit(FeatureKind.Categorical, (float[])sample.Clone(), 4);
        Assert.Equal([4, 7, 9], mapper.Codes);
        Assert.Equal([0, 1, 2], ((float[])[4, 7, 9]).Select(code => (int)mapper.BinOf(code)));
        Assert.All((float[])[1, 2, 10, -3, 2.5f, 7.5f, float.PositiveInfinity, float.NegativeInfinity, 1e9f, 3e9f], code => Assert.Equal(3, mapper.BinOf(code)));
        Assert.Equal(4, mapper.BinOf(float.NaN));
    }

    [Fact]
    public void Fit_MoreCategoriesThanBins_StaysWithinAByte()
    {
        float[] sample = [.. Enumerable.Range(0, 3000).Select(i => (float)(i % 1000))];
        BinMapper mapper = BinMapper.Fit(FeatureKind.Categorical, sample, 255);
        Assert.Equal(Enumerable.Range(0, 254), mapper.Codes);
        Assert.Equal(255, mapper.MissingBin);
        Assert.Equal(254, mapper.BinOf(999));
    }

    private static float[] Neighbours(int count)
    {
        float[] values = new float[count];
        values[0] = 0.1f;
        for (int i = 1; i < count; i++)
            values[i] = MathF.BitIncrement(values[i - 1]);
        return values;
    }
}
