using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

public sealed class CompiledTreesTests
{
    public static TheoryData<string> Shapes => [.. SampleShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Margins_EveryShape_HaveTheBitsOfTheWalk(string shape) => Check(shape.Length, SampleShapes.All[shape], 1000);

    [Fact]
    public void Margins_RandomEnsembles_HaveTheBitsOfTheWalk()
    {
        for (int seed = 100; seed < 400; seed++)
            Check(seed, AnyShape(seed), 300);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(600)]
    [InlineData(CompiledTrees.MostBitVectorLeaves)]
    [InlineData(CompiledTrees.MostBitVectorLeaves + 1)]
    [InlineData(3000)]
    public void Margins_LargeTrees_HaveTheBitsOfTheWalk(int leaves)
    {
        // Without categories: visited whole, or walked on codes; with them: visited whole, or walked on values.
        Check(leaves, new ModelShape { Leaves = leaves, Trees = 4, Categories = 0 }, 700);
        Check(leaves, new ModelShape { Leaves = leaves, Trees = 4 }, 700);
        Check(leaves, new ModelShape { Leaves = leaves, Trees = 2, Categories = 0, Chain = true }, 300);
    }

    [Fact]
    public void Margins_MoreThresholdsThanCodes_HaveTheBitsOfTheWalk() =>
        Check(8, new ModelShape { Features = 2, Trees = 60, Leaves = 40, Categories = 0 }, 2000);

    [Theory]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(600)]
    [InlineData(3000)]
    public void Margins_ManyCategories_HaveTheBitsOfTheWalk(int categories) =>
        Check(categories, new ModelShape { Categories = categories, SetSize = categories / 2, Trees = 30 }, 1500);

    [Fact]
    public void Margins_CategoriesFarApart_HaveTheBitsOfTheWalk()
    {
        foreach (int largest in (int[])[253, 65_535, 65_536, CategorySet.MostCodes - 1])
        {
            TreeEnsemble ensemble = OneSplit(new CategorySet([0, 7, largest]), missingGoesLeft: largest % 2 == 0);
            float[] rows = [0, -0f, 7, 6, 1, largest, largest - 1, largest + 1, -1, 7.5f, 1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 253, 254, 255, 256];
            AssertSame(ensemble, rows);
        }
    }

    [Fact]
    public void Margins_EmptySetAndNoTrees_HaveTheBitsOfTheWalk()
    {
        AssertSame(OneSplit(new CategorySet([]), missingGoesLeft: true), [0, 1, float.NaN, -1, 3, 4, 5]);
        AssertSame(OneSplit(new CategorySet([]), missingGoesLeft: false), [0, 1, float.NaN, -1, 3, 4, 5]);
        AssertSame(new TreeEnsemble { FeatureCount = 1, BaseMargin = -0.0, Trees = [] }, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void Margins_NarrowRows_HaveTheBitsOfTheWalk()
    {
        for (int features = 1; features <= 9; features++)
            Check(features, new ModelShape { Features = features, Trees = 10 }, 333);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(257)]
    [InlineData(260)]
    public void Add_AnyNumberOfRows_AddsToWhatIsThereAndTouchesNothingElse(int count)
    {
        ChurnModel model = RandomModels.Create(5, new ModelShape());
        var compiled = new CompiledTrees(model.Ensemble);
        float[] rows = RandomModels.Rows(6, model, count);
        double[] sums = [.. Enumerable.Range(0, count + 2).Select(i => i / 7.0)];
        double[] expected = [.. sums];
        compiled.Add(rows, sums.AsSpan(1, count));
        model.Ensemble.Add(rows, expected.AsSpan(1, count));
        Assert.Equal(expected, sums);
        Assert.NotEqual(0.0, count > 0 ? sums[1] - 1 / 7.0 : 1);
    }

    [Fact]
    public void Add_LengthsThatDoNotFit_Throws()
    {
        var compiled = new CompiledTrees(RandomModels.Create(5, new ModelShape()).Ensemble);
        Assert.Throws<ArgumentException>(() => compiled.Add(new float[7], new double[1]));
        Assert.Throws<ArgumentException>(() => compiled.Margins(new float[16], new double[1]));
    }

    [Fact]
    public void Compile_TreeThatGoesInACircle_IsRefused()
    {
        var tree = new DecisionTree { Feature = [0], Threshold = [1], LeftCategories = [null], MissingGoesLeft = [false], Left = [0], Right = [~0], LeafValue = [1, 2] };
        Assert.Throws<ArgumentException>(() => new CompiledTrees(new TreeEnsemble { FeatureCount = 1, BaseMargin = 0, Trees = [tree] }));
    }

    [Fact]
    public void For_AnotherPredictor_IsItself()
    {
        ChurnModel linear = RandomLinearModels.Create(1, "mixed");
        Assert.Same(linear.Predictor, CompiledTrees.For(linear.Predictor));
        IPredictor compiled = CompiledTrees.For(RandomModels.Create(5, new ModelShape()).Ensemble);
        Assert.IsType<CompiledTrees>(compiled);
        Assert.Same(compiled, CompiledTrees.For(compiled));
    }

    /// <summary>Anything from a single leaf to hundreds, few features or many, chains and bushes, with and without categories.</summary>
    internal static ModelShape AnyShape(int seed)
    {
        var random = new Random(seed);
        return new ModelShape
        {
            Features = 1 + random.Next(40),
            Trees = 1 + random.Next(12),
            Leaves = 1 + random.Next(random.Next(3) == 0 ? 200 : 64),
            Categories = random.Next(2) * (1 + random.Next(40)),
            SetSize = random.Next(20),
            Chain = random.Next(4) == 0,
        };
    }

    internal static void Check(int seed, ModelShape shape, int count)
    {
        ChurnModel model = RandomModels.Create(seed, shape);
        AssertSame(model.Ensemble, RandomModels.Rows(seed + 1, model, count), $"seed {seed}, {shape}");
    }

    private static void AssertSame(TreeEnsemble ensemble, float[] rows, string what = "")
    {
        int count = rows.Length / ensemble.FeatureCount;
        double[] margins = new double[count];
        new CompiledTrees(ensemble).Margins(rows, margins);
        for (int row = 0; row < count; row++)
        {
            double expected = ensemble.Margin(rows.AsSpan(row * ensemble.FeatureCount, ensemble.FeatureCount));
            Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(margins[row]), $"row {row} of {count}: {margins[row]:R}, walked {expected:R}; {what}");
        }
    }

    private static TreeEnsemble OneSplit(CategorySet set, bool missingGoesLeft) => new()
    {
        FeatureCount = 1,
        BaseMargin = 0.25,
        Trees = [new DecisionTree { Feature = [0], Threshold = [float.NaN], LeftCategories = [set], MissingGoesLeft = [missingGoesLeft], Left = [~0], Right = [~1], LeafValue = [1, 2] }],
    };
}
