using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Data at the edge of what there is: each is trained on as documented, or refused by name.</summary>
public class EdgeDataTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 10, LearningRate = 0.3, MinRowsInLeaf = 5, EarlyStoppingRounds = 0 };

    public static TheoryData<bool, bool> Infinities => new() { { false, false }, { true, false }, { false, true } };

    [Theory]
    [MemberData(nameof(Infinities))]
    public void Fit_InfiniteValues_AreTheEndsOfTheScale(bool forest, bool extra)
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 7);
        using FeatureMatrix matrix = rows.Matrix;
        float[] labels = rows.Labels.ToArray();
        for (int row = 0; row < 3000; row++)
        {
            // They tell the label, so trees must see them.
            if (row % 11 == 0)
                matrix.Row(row)[7] = labels[row] == 1 ? float.PositiveInfinity : float.NegativeInfinity;
        }
        TreeEnsemble ensemble = forest || extra
            ? Forest.Fit(rows, new ForestOptions { Trees = 20, ExtraTrees = extra, MaxLeaves = 64 }).Ensemble
            : Booster.Fit(rows, null, s_options).Ensemble;
        // Of many rows together: some are as sure as can be without it.
        double Margin(float noise) => Enumerable.Range(0, 200).Average(row =>
        {
            float[] at = matrix.Row(row).ToArray();
            at[7] = noise;
            return ensemble.Margin(at);
        });
        Assert.Equal([true, true, true], new[] { float.NegativeInfinity, 0.5f, float.PositiveInfinity }.Select(value => double.IsFinite(Margin(value))));
        Assert.True(Margin(float.NegativeInfinity) < Margin(0.5f) && Margin(0.5f) < Margin(float.PositiveInfinity));
        // The largest finite number lies on the finite side.
        Assert.True(Margin(float.MaxValue) < Margin(float.PositiveInfinity));
        Assert.True(Margin(float.MinValue) > Margin(float.NegativeInfinity));
    }

    [Fact]
    public void Fit_OneRow_IsRefusedAsConstant()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [1]));
        var rows = new LabelledRows(matrix, new float[] { 1 });
        Assert.Equal(4005, Code(() => Booster.Fit(rows, null, s_options)));
        Assert.Equal(4005, Code(() => Booster.Fit(rows, null, s_options with { Objective = ObjectiveKind.SquaredError })));
        Assert.Equal(4005, Code(() => Forest.Fit(rows, new ForestOptions())));
        Assert.Equal(4005, Code(() => LogisticRegression.Fit(rows, null, new LogisticRegressionOptions { Alpha = 1 })));
    }

    [Fact]
    public void Fit_OneClassOnRowsOfWeight_IsRefused()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [1, 2, 3, 4]));
        var rows = new LabelledRows(matrix, new float[] { 0, 0, 1, 0 }, new float[] { 1, 1, 0, 1 });
        Assert.Equal(4005, Code(() => Forest.Fit(rows, new ForestOptions())));
        Assert.Equal(4005, Code(() => LogisticRegression.Fit(rows, null, new LogisticRegressionOptions { Alpha = 1 })));
        Assert.Equal(4006, Code(() => Forest.Fit(rows with { Weights = new float[4] }, new ForestOptions())));
    }

    // One class to stop on is no fault: a loss is defined there.
    [Fact]
    public void Fit_OneClassToStopOn_Trains()
    {
        (LabelledRows rows, _) = TestRows.Churn(400, seed: 7);
        using FeatureMatrix matrix = rows.Matrix;
        var validation = new LabelledRows(matrix.View(0, 3), new float[] { 0, 0, 0 });
        Assert.NotEmpty(Booster.Fit(rows, validation, s_options with { EarlyStoppingRounds = 3 }).ValidationLoss);
    }

    public static TheoryData<BoosterOptions, float, float, double> Overflows => new()
    {
        { s_options with { Objective = ObjectiveKind.SquaredError }, 3e38f, 2, 0 },
        { s_options with { Objective = ObjectiveKind.SquaredError }, 1e30f, 1e20f, 0 },
        { s_options with { Objective = ObjectiveKind.SquaredError }, 1, 1, 1e300 },
        { s_options with { Objective = ObjectiveKind.Poisson }, 1, 1, 1000 },
    };

    // Where a float32 ends there is no derivative to round, and trees grown on what is left would be noise.
    [Theory]
    [MemberData(nameof(Overflows))]
    public void Fit_DerivativesBeyondFloat_AreRefused(BoosterOptions options, float label, float weight, double start)
    {
        float[] values = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), values));
        float low = options.Objective == ObjectiveKind.SquaredError && label == 3e38f ? -label : 0;
        var rows = new LabelledRows(matrix, values.Select(x => x % 2 == 0 ? label : low).ToArray(), values.Select(_ => weight).ToArray())
        {
            InitialMargins = start == 0 ? default : values.Select(_ => start).ToArray(),
        };
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(rows, null, options));
        Assert.Equal(4032, error.Code.Number);
        Assert.Contains("tree 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ObjectiveThatGivesNaN_IsNamed()
    {
        (LabelledRows rows, _) = TestRows.Churn(400, seed: 7);
        using FeatureMatrix matrix = rows.Matrix;
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(new BoosterInputs(rows) { Objective = new BrokenObjective() }, s_options));
        Assert.Equal((4032, "NaN"), (error.Code.Number, error.Actual));
        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LargestWeightsThatFit_Train()
    {
        (LabelledRows rows, _) = TestRows.Churn(400, seed: 7);
        using FeatureMatrix matrix = rows.Matrix;
        float[] weights = [.. Enumerable.Repeat(1e38f, 400)];
        TreeEnsemble ensemble = Booster.Fit(rows with { Weights = weights }, null, s_options with { L2 = 0 }).Ensemble;
        Assert.All(ensemble.Trees, tree => Assert.All(tree.LeafValue, value => Assert.True(double.IsFinite(value))));
        Assert.Contains(ensemble.Trees, tree => tree.NodeCount > 0);
    }

    [Fact]
    public void Fit_CodesUpToTheLargest_AreNamedOrPooled()
    {
        // One code beyond what a set can hold: it is pooled, and the others are told apart.
        float[] codes = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? CategorySet.MostCodes : i % 3 == 1 ? CategorySet.MostCodes - 1f : 5)];
        float[] labels = [.. codes.Select((code, i) => code == 5 ? i % 50 == 2 ? 0f : 1f : i % 50 == 0 ? 1f : 0f)];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Categorical("code", 6), codes));
        var splits = new List<SplitTrace>();
        TreeEnsemble ensemble = Booster.Fit(new BoosterInputs(new LabelledRows(matrix, labels)) { Trace = splits.Add }, s_options with { MaxLeaves = 4 }).Ensemble;
        Assert.Contains(ensemble.Trees, tree => tree.LeftCategories.Any(set => set!.Codes.Contains(5)));
        Assert.DoesNotContain(ensemble.Trees, tree => tree.LeftCategories.Any(set => set!.Codes.Contains(CategorySet.MostCodes)));
        Assert.Contains(splits, split => split.Categories!.Contains("code5"));
    }

    private static int Code(Action fit) => Assert.Throws<ChurnDataException>(fit).Code.Number;

    private sealed class BrokenObjective : IObjective
    {
        public string Name => "broken";

        public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => 0;

        public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
        {
            hessians.Fill(1);
            gradients.Fill(float.NaN);
        }

        public double Loss(in LossRows rows) => 0;
    }
}
