using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public class BoosterErrorsTests
{
    private static readonly float[] s_values = [1, 2, 3, 4];

    [Theory]
    [InlineData(4003, new float[] { 0, 1, float.NaN, 1 }, new float[0])]
    [InlineData(4004, new float[] { 0, 1, 2, 1 }, new float[0])]
    [InlineData(4004, new float[] { 0, 1, -1, 1 }, new float[0])]
    [InlineData(4005, new float[] { 1, 1, 1, 1 }, new float[0])]
    [InlineData(4005, new float[] { 0, 0, 1, 0 }, new float[] { 1, 1, 0, 1 })]
    [InlineData(4006, new float[] { 0, 1, 0, 1 }, new float[] { 1, -1, 1, 1 })]
    [InlineData(4006, new float[] { 0, 1, 0, 1 }, new float[] { 1, 1, float.NaN, 1 })]
    [InlineData(4006, new float[] { 0, 1, 0, 1 }, new float[] { 1, 1, float.PositiveInfinity, 1 })]
    [InlineData(4006, new float[] { 0, 1, 0, 1 }, new float[] { 0, 0, 0, 0 })]
    public void Fit_BadLabelsOrWeights_NamesThem(int code, float[] labels, float[] weights)
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), s_values));
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(new LabelledRows(matrix, labels, weights), null, new BoosterOptions()));
        Assert.Equal(code, error.Code.Number);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void Fit_BadLabel_NamesItsRow()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), s_values));
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(new LabelledRows(matrix, new float[] { 0, 1, 0.5f, 1 }), null, new BoosterOptions()));
        Assert.Equal("CE4004 the label of training row 2 does not fit the objective: expected 0 or 1, got 0.5. Hint: map the label to these values, or choose another objective", error.Describe());
    }

    [Fact]
    public void Fit_NoRows_SaysWhich()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), s_values));
        using var empty = FeatureMatrix.Allocate(matrix.Features, 0);
        var rows = new LabelledRows(matrix, new float[] { 0, 1, 0, 1 });
        Assert.Equal(4001, Assert.Throws<ChurnDataException>(() => Booster.Fit(new LabelledRows(empty, default), null, new BoosterOptions())).Code.Number);
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(rows, new LabelledRows(empty, default), new BoosterOptions()));
        Assert.Contains("validation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NothingVaries_SaysSo()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [5, 5, 5, 5]), (TestRows.Numeric("y"), [float.NaN, float.NaN, float.NaN, float.NaN]));
        Assert.Equal(4002, Assert.Throws<ChurnDataException>(() => Booster.Fit(new LabelledRows(matrix, new float[] { 0, 1, 0, 1 }), null, new BoosterOptions())).Code.Number);
    }

    [Fact]
    public void Fit_ThingsThatDoNotFit_AreACallersBug()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), s_values)), other = TestRows.Matrix((TestRows.Numeric("y"), s_values));
        var rows = new LabelledRows(matrix, new float[] { 0, 1, 0, 1 });
        Assert.Throws<ArgumentException>(() => Booster.Fit(rows with { Labels = new float[3] }, null, new BoosterOptions()));
        Assert.Throws<ArgumentException>(() => Booster.Fit(rows with { Weights = new float[3] }, null, new BoosterOptions()));
        Assert.Throws<ArgumentException>(() => Booster.Fit(rows, rows with { Matrix = other }, new BoosterOptions()));
    }

    public static TheoryData<BoosterOptions, string> BadOptions() => new()
    {
        { new() { Trees = 0 }, "Trees" },
        { new() { LearningRate = 0 }, "LearningRate" },
        { new() { LearningRate = double.NaN }, "LearningRate" },
        { new() { MaxLeaves = 1 }, "MaxLeaves" },
        { new() { MaxLeaves = 65_537 }, "MaxLeaves" },
        { new() { MaxDepth = -1 }, "MaxDepth" },
        { new() { MaxBins = 256 }, "MaxBins" },
        { new() { MaxBins = 1 }, "MaxBins" },
        { new() { MinChildWeight = -1 }, "MinChildWeight" },
        { new() { MinRowsInLeaf = 0 }, "MinRowsInLeaf" },
        { new() { L1 = double.PositiveInfinity }, "L1" },
        { new() { L2 = -0.1 }, "L2" },
        { new() { MinGain = double.NaN }, "MinGain" },
        { new() { MaxDeltaStep = -1 }, "MaxDeltaStep" },
        { new() { RowSample = 1.1 }, "RowSample" },
        { new() { ColumnSample = 0 }, "ColumnSample" },
        { new() { MaxCategoriesPerSplit = 0 }, "MaxCategoriesPerSplit" },
        { new() { MinRowsPerCategory = 0 }, "MinRowsPerCategory" },
        { new() { CategorySmoothing = -1 }, "CategorySmoothing" },
        { new() { EarlyStoppingRounds = -1 }, "EarlyStoppingRounds" },
        { new() { Threads = 0 }, "Threads" },
        { new() { Objective = (ObjectiveKind)9 }, "Objective" },
        { new() { Growth = (GrowthPolicy)9 }, "Growth" },
        { new() { EarlyStoppingMetric = (MetricKind)99 }, "EarlyStoppingMetric" },
        { new() { ScalePosWeight = 0 }, "ScalePosWeight" },
        { new() { ScalePosWeight = double.NaN }, "ScalePosWeight" },
        { new() { ScalePosWeight = 2, ClassWeight = ClassWeights.Balanced }, "ScalePosWeight" },
        { new() { TweedieVariancePower = 1 }, "TweedieVariancePower" },
        { new() { TweedieVariancePower = 2 }, "TweedieVariancePower" },
        { new() { QuantileAlpha = 0 }, "QuantileAlpha" },
        { new() { QuantileAlpha = double.NaN }, "QuantileAlpha" },
        { new() { FocalGamma = -1 }, "FocalGamma" },
        { new() { FocalAlpha = 1 }, "FocalAlpha" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Validate_OptionOutOfRange_NamesIt(BoosterOptions options, string name)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(options.Validate);
        Assert.Equal(4007, error.Code.Number);
        Assert.Contains($"'{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Defaults_AreValid() => new BoosterOptions().Validate();
}
