using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>The tensor form in ONNX Runtime on the processor, against the definition. Every row must end in the same leaf of every tree; only the order of the sum is the runtime's.</summary>
public sealed class TensorFormTests
{
    private const float Tolerance = 1e-6f;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Predict_AnyModel_EqualsTheWalk(string shape)
    {
        for (int seed = 1; seed <= 5; seed++)
            AssertEqualsTheWalk(RandomModels.Create(seed, SampleShapes.All[shape]), seed + 100, $"{shape}, seed {seed}");
    }

    public static TheoryData<string> Shapes
    {
        get
        {
            var shapes = new TheoryData<string>();
            foreach (string name in SampleShapes.All.Keys)
                shapes.Add(name);
            return shapes;
        }
    }

    // Depths on both sides of the border, in one ensemble too.
    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(60)]
    public void Predict_ChainsOfAnyDepth_EqualTheWalk(int leaves) =>
        AssertEqualsTheWalk(RandomModels.Create(leaves, new ModelShape { Trees = 30, Leaves = leaves, Chain = true }), leaves, $"chains of {leaves} leaves");

    [Theory]
    [InlineData(OutputLink.Identity, 1000)]
    [InlineData(OutputLink.Exp, 5)]
    public void Predict_Regression_GivesTheValueOfTheWalk(OutputLink link, double scale)
    {
        ChurnModel model = ModelFile.Encode(RandomModels.Regression(21, SampleShapes.All["numeric and categorical"], scale, link), []);
        float[] rows = RandomModels.Rows(22, model, 3000);
        using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(model);
        Outputs actual = Outputs.Of(backend, rows), expected = Outputs.Of(new WalkBackend(model), rows);
        Assert.Equal(actual.Probability, actual.Margin);
        for (int row = 0; row < expected.Probability.Length; row++)
            Assert.Equal(1, actual.Probability[row] / expected.Probability[row], Tolerance);
    }

    [Fact]
    public void Predict_LinearForm_EqualsTheWalk()
    {
        ChurnModel model = RandomLinearModels.Create(31, "mixed");
        float[] rows = RandomLinearModels.Rows(32, model, 2000);
        using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(ModelFile.Encode(model, rows));
        Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), Tolerance, "linear");
    }

    [Fact]
    public void Predict_HundredThousandMembershipValues_EqualsTheWalk() =>
        AssertEqualsTheWalk(RandomModels.Create(61, new ModelShape { Trees = 40, Leaves = 31, Features = 9, Categories = 2000, SetSize = 600 }), 62, "100,000 membership values");

    [Fact]
    public void Predict_SetOfAHundredThousandCodes_EqualsTheWalk() =>
        AssertEqualsTheWalk(RandomModels.Create(66, new ModelShape { Trees = 2, Leaves = 4, Features = 2, Categories = 200_000, SetSize = 150_000 }), 67, "a set of 100,000 codes");

    // One tree and one node: each direction, with each value that comparisons get wrong.
    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(0f)]
    [InlineData(float.Epsilon)]
    public void Predict_HostileValues_GoWhereTheTreeSays(float threshold)
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, 0f, -0f, float.Epsilon, -float.Epsilon, 1, -1];
        foreach (bool missingLeft in (bool[])[true, false])
        {
            ChurnModel model = ModelFile.Encode(OneNode(threshold, null, missingLeft), []);
            using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(model);
            Assert.Equal(Outputs.Of(new WalkBackend(model), values).Margin, Outputs.Of(backend, values).Margin);
        }
    }

    [Fact]
    public void Predict_HostileCodes_AreMembersOfNoSet()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1, 2, 3, 4, 5, 0.5f, 1.5f, -1, -2, 1e9f, 1e20f, 16_777_216, 3.0000002f];
        foreach (int[] codes in (int[][])[[], [0], [0, 1, 3], [1, 4]])
        {
            foreach (bool missingLeft in (bool[])[true, false])
            {
                ChurnModel model = ModelFile.Encode(OneNode(float.NaN, new CategorySet(codes), missingLeft), []);
                using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(model);
                Assert.Equal(Outputs.Of(new WalkBackend(model), values).Margin, Outputs.Of(backend, values).Margin);
            }
        }
    }

    [Fact]
    public void Open_GoldenRowsThatDoNotReproduce_Refuses()
    {
        ChurnModel saved = ModelFile.Encode(RandomModels.Create(91, new ModelShape()), []);
        var other = new ChurnModel { Predictor = RandomModels.Create(92, new ModelShape()).Predictor, Metadata = saved.Metadata, Golden = saved.Golden, OnnxBytes = saved.OnnxBytes, Version = saved.Version };
        var fault = Assert.Throws<ChurnModelException>(() => OnnxModelBackend.OpenTensorForm(other));
        Assert.Equal(5010, fault.Code.Number);
        Assert.Contains("'onnx-tensor'", fault.Message, StringComparison.Ordinal);
    }

    private static void AssertEqualsTheWalk(ChurnModel model, int seed, string what)
    {
        float[] rows = RandomModels.Rows(seed, model, 1000);
        Outputs expected = Outputs.Of(new WalkBackend(model), rows);
        using OnnxModelBackend backend = OnnxModelBackend.OpenTensorForm(ModelFile.Encode(model, rows));
        expected.AssertNear(Outputs.Of(backend, rows), Tolerance, what);
    }

    private static ChurnModel OneNode(float threshold, CategorySet? set, bool missingLeft) => new()
    {
        Predictor = new TreeEnsemble
        {
            FeatureCount = 1,
            BaseMargin = 0.25,
            Trees = [new() { Feature = [0], Threshold = [threshold], LeftCategories = [set], MissingGoesLeft = [missingLeft], Left = [~0], Right = [~1], LeafValue = [1, -1] }],
        },
        Metadata = new ModelMetadata { Features = [new FeatureInfo { Name = "f", Kind = set is null ? FeatureKind.Numeric : FeatureKind.Categorical, Categories = set is null ? [] : ["a", "b", "c", "d", "e"] }] },
    };
}
