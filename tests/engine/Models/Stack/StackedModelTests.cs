using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

/// <summary>A weighted sum of trees and a linear form: one predictor, one file, SHAP values that add up.</summary>
public sealed class StackedModelTests
{
    private const int Rows = 700;
    private static readonly ModelShape s_shape = new() { Trees = 12, Leaves = 9 };

    [Fact]
    public void Margin_OfWeightedMembers_IsTheirWeightedSum()
    {
        ChurnModel first = RandomModels.Create(1, s_shape), second = RandomModels.Create(2, s_shape), stack = RandomStacks.Create(3, s_shape);
        LinearModel linear = ((StackedModel)stack.Predictor).Linear;
        IPredictor sum = StackedModel.Of([(first.Predictor, 0.5), (second.Predictor, 2), (linear, 0.25), (RandomModels.Create(4, s_shape).Predictor, 0)], -0.75);
        Assert.Equal(24, Assert.IsType<StackedModel>(sum).Trees.Trees.Count);
        float[] rows = RandomStacks.Rows(5, stack, 50);
        for (int row = 0; row < 50; row++)
        {
            ReadOnlySpan<float> values = rows.AsSpan(row * 8, 8);
            Assert.Equal(-0.75 + 0.5 * first.Predictor.Margin(values) + 2 * second.Predictor.Margin(values) + 0.25 * linear.Margin(values), sum.Margin(values), 1e-9);
        }
    }

    [Fact]
    public void Of_TreesAlone_IsASumOfTrees_AndALinearFormAlone_IsThat()
    {
        TreeEnsemble trees = RandomModels.Create(1, s_shape).Ensemble;
        LinearModel linear = ((StackedModel)RandomStacks.Create(3, s_shape).Predictor).Linear;
        Assert.Equal(24, Assert.IsType<TreeEnsemble>(StackedModel.Of([(trees, 0.5), (trees, 0.5)], 0)).Trees.Count);
        Assert.IsType<TreeEnsemble>(StackedModel.Of([(trees, 1), (linear, 0)], 0));
        LinearModel alone = Assert.IsType<LinearModel>(StackedModel.Of([(trees, 0), (linear, 2)], 0.5));
        float[] row = [1, 2, 3, float.NaN, 0, 1, 2, 3];
        Assert.Equal(0.5 + 2 * linear.Margin(row), alone.Margin(row), 1e-12);
        Assert.Throws<ArgumentException>(() => StackedModel.Of([(new StackedModel(trees, linear), 1)], 0));
    }

    [Theory]
    [InlineData(1), InlineData(255), InlineData(Rows)]
    public void Margins_AnyCount_HaveTheBitsOfEachRow(int count)
    {
        ChurnModel model = RandomStacks.Create(11, s_shape);
        float[] rows = RandomStacks.Rows(12, model, count);
        foreach (IPredictor form in (IPredictor[])[model.Predictor, CompiledTrees.For(model.Predictor)])
        {
            double[] margins = new double[count];
            form.Margins(rows, margins);
            for (int row = 0; row < count; row++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(model.Predictor.Margin(rows.AsSpan(row * 8, 8))), BitConverter.DoubleToInt64Bits(margins[row]));
        }
    }

    [Fact]
    public void Explain_EveryRow_AddsUpToItsMargin()
    {
        ChurnModel model = RandomStacks.Create(21, s_shape);
        float[] rows = RandomStacks.Rows(22, model, 200);
        double[] contributions = new double[rows.Length];
        IExplainer explainer = model.Predictor.CreateExplainer();
        explainer.Explain(rows, contributions);
        for (int row = 0; row < 200; row++)
            Assert.Equal(model.Predictor.Margin(rows.AsSpan(row * 8, 8)), explainer.ExpectedMargin + contributions.AsSpan(row * 8, 8).ToArray().Sum(), 1e-9);
    }

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Decode_WhatWasEncoded_IsTheSameStack(OnnxProfile profile)
    {
        ChurnModel model = RandomStacks.Create(31, s_shape);
        ChurnModel encoded = ModelFile.Encode(model, RandomStacks.Rows(32, model, 100), profile);
        ChurnModel decoded = ModelFile.Decode(encoded.OnnxBytes);
        StackedModel actual = Assert.IsType<StackedModel>(decoded.Predictor);
        Assert.Equal((8, 12), (actual.FeatureCount, actual.Trees.Trees.Count));
        Assert.Equal(model.Predictor.BaseMargin, actual.BaseMargin);
        Assert.Equal(0, actual.Linear.BaseMargin);
        float[] rows = RandomStacks.Rows(33, model, Rows);
        for (int row = 0; row < Rows; row++)
            Assert.Equal(model.Predictor.Margin(rows.AsSpan(row * 8, 8)), actual.Margin(rows.AsSpan(row * 8, 8)), profile == OnnxProfile.Default ? 0 : 2e-4);
        if (profile == OnnxProfile.Default)
            Assert.Equal(encoded.OnnxBytes.ToArray(), ModelFile.Encode(decoded, RandomStacks.Rows(32, model, 100)).OnnxBytes.ToArray());
        using IModelBackend walk = WalkBackend.Open(encoded), simd = SimdBackend.Open(encoded);
    }
}
