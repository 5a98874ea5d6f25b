using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class BoosterTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 40, LearningRate = 0.1, EarlyStoppingRounds = 0 };

    public static TheoryData<BoosterOptions> Variants() =>
    [
        s_options,
        s_options with { RowSample = 0.5, ColumnSample = 0.5, Seed = 9 },
        s_options with { Growth = GrowthPolicy.DepthWise, MaxDepth = 5, MaxLeaves = 32, MaxBins = 17, L1 = 0.5 },
        s_options with { Objective = ObjectiveKind.SquaredError },
        s_options with { Objective = ObjectiveKind.Poisson },
        s_options with { Objective = ObjectiveKind.Tweedie, EarlyStoppingMetric = MetricKind.TweedieDeviance },
        s_options with { Objective = ObjectiveKind.Quantile, QuantileAlpha = 0.8, RowSample = 0.5 },
        s_options with { Objective = ObjectiveKind.Focal, ClassWeight = ClassWeights.Balanced, EarlyStoppingMetric = MetricKind.RocAuc },
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits(BoosterOptions options)
    {
        (LabelledRows rows, _) = TestRows.Churn(60_000, seed: 1, weighted: true);
        using FeatureMatrix matrix = rows.Matrix;
        var validation = new LabelledRows(matrix.View(0, 20_000), rows.Labels[..20_000]);
        BoosterResult one = Booster.Fit(rows, validation, options with { Trees = 8, Threads = 1 });
        foreach (int threads in (int[])[2, 3, 7])
        {
            BoosterResult more = Booster.Fit(rows, validation, options with { Trees = 8, Threads = threads });
            AssertSame(one.Ensemble, more.Ensemble);
            Assert.Equal(one.TrainLoss, more.TrainLoss);
            Assert.Equal(one.ValidationLoss, more.ValidationLoss);
            Assert.Equal(one.ValidationMetric, more.ValidationMetric);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Fit_Done_EnsembleGivesTheTrainersOwnMargins(BoosterOptions options)
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, seed: 2);
        using FeatureMatrix matrix = rows.Matrix;
        using var run = new BoostingRun(new BoosterInputs(rows), options, CancellationToken.None);
        TreeEnsemble ensemble = run.Run(null).Ensemble;
        for (int row = 0; row < 20_000; row++)
            Assert.Equal(run.TrainMargins[row], ensemble.Margin(matrix.Row(row)), 1e-9);
    }

    [Fact]
    public void Fit_Validation_LossIsThatOfTheEnsemble()
    {
        (LabelledRows train, _) = TestRows.Churn(5000, seed: 2);
        (LabelledRows later, _) = TestRows.Churn(3000, seed: 3, weighted: true);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        // Values that training never saw: below and above all, an unknown category, infinities.
        other.Row(0).Fill(-1e9f);
        other.Row(1).Fill(1e9f);
        other.Row(2).Fill(float.NaN);
        other.Row(3).Fill(float.PositiveInfinity);
        other.Row(4).Fill(77);
        BoosterResult result = Booster.Fit(train, later, s_options);
        double loss = 0, weightSum = 0;
        for (int row = 0; row < 3000; row++)
        {
            double margin = result.Ensemble.Margin(other.Row(row));
            loss += later.Weights.Span[row] * Math.Log(1 + Math.Exp(later.Labels.Span[row] == 1 ? -margin : margin));
            weightSum += later.Weights.Span[row];
        }
        Assert.Equal(loss / weightSum, result.ValidationLoss[^1], 1e-9);
    }

    [Fact]
    public void Fit_LearnableData_ComesNearTheBestReachableAuc()
    {
        (LabelledRows train, _) = TestRows.Churn(30_000, seed: 10);
        (LabelledRows test, double[] logOdds) = TestRows.Churn(20_000, seed: 11);
        using FeatureMatrix matrix = train.Matrix, other = test.Matrix;
        TreeEnsemble ensemble = Booster.Fit(train, null, s_options with { Trees = 120 }).Ensemble;
        double[] margins = [.. Enumerable.Range(0, 20_000).Select(row => ensemble.Margin(other.Row(row)))];
        double oracle = TestRows.Auc(logOdds, test.Labels.Span), reached = TestRows.Auc(margins, test.Labels.Span);
        Assert.InRange(oracle, 0.7, 0.95);
        Assert.InRange(reached, oracle - 0.015, oracle + 0.005);
    }

    [Fact]
    public void Fit_SquaredError_ComesNearTheFunction()
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 5000).Select(_ => random.NextSingle() * 6)];
        float[] y = [.. x.Select(value => 100 + 10 * MathF.Sin(value))];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
        TreeEnsemble ensemble = Booster.Fit(new LabelledRows(matrix, y), null, s_options with { Objective = ObjectiveKind.SquaredError, Trees = 200 }).Ensemble;
        Assert.Equal(100 + 10 * Math.Sin(2), ensemble.Margin([2f]), 0.3);
    }

    [Fact]
    public void Fit_BaseMargin_IsTheLogOddsOfTheWeightedMean()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [1, 2, 3, 4]));
        BoosterResult result = Booster.Fit(new LabelledRows(matrix, new float[] { 0, 1, 0, 1 }, new float[] { 1, 3, 5, 0 }), null, s_options);
        Assert.Equal(Math.Log(3.0 / 6.0), result.Ensemble.BaseMargin, 12);
    }

    [Fact]
    public void Fit_TooFewRowsToSplit_GivesOneLeafOfNoWeight()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), [1, 2, 3, 4]));
        BoosterResult result = Booster.Fit(new LabelledRows(matrix, new float[] { 0, 1, 0, 1 }), null, s_options);
        DecisionTree tree = Assert.Single(result.Ensemble.Trees);
        Assert.Equal(0, tree.NodeCount);
        Assert.Equal(0, tree.LeafValue[0], 1e-6);
    }

    [Fact]
    public void Fit_ConstantAndEmptyFeatures_AreNeverSplitOn()
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, seed: 5);
        using FeatureMatrix source = rows.Matrix;
        using FeatureMatrix matrix = TestRows.Matrix(
            (TestRows.Numeric("constant"), [.. Enumerable.Repeat(7f, 2000)]),
            (TestRows.Numeric("empty"), [.. Enumerable.Repeat(float.NaN, 2000)]),
            (TestRows.Categorical("one", 3), [.. Enumerable.Repeat(1f, 2000)]),
            (TestRows.Numeric("x"), [.. Enumerable.Range(0, 2000).Select(row => source.Row(row)[0])]));
        TreeEnsemble ensemble = Booster.Fit(rows with { Matrix = matrix }, null, s_options).Ensemble;
        Assert.Equal([3], ensemble.Trees.SelectMany(tree => tree.Feature).Distinct());
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, seed: 5);
        using FeatureMatrix matrix = rows.Matrix;
        using var source = new CancellationTokenSource();
        var progress = new Steps(step =>
        {
            if (step.Done == 3)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Booster.Fit(rows, null, s_options, progress, source.Token));
        Assert.Equal([1, 2, 3], progress.Seen.Select(step => step.Done));
    }

    internal static void AssertSame(TreeEnsemble expected, TreeEnsemble actual)
    {
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected.BaseMargin), BitConverter.DoubleToInt64Bits(actual.BaseMargin));
        Assert.Equal(expected.Trees.Count, actual.Trees.Count);
        foreach ((DecisionTree a, DecisionTree b) in expected.Trees.Zip(actual.Trees))
        {
            Assert.Equal(a.Feature, b.Feature);
            Assert.Equal(a.Threshold.Select(BitConverter.SingleToInt32Bits), b.Threshold.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(a.LeftCategories, b.LeftCategories);
            Assert.Equal(a.MissingGoesLeft, b.MissingGoesLeft);
            Assert.Equal(a.Left, b.Left);
            Assert.Equal(a.Right, b.Right);
            Assert.Equal(a.LeafValue.Select(BitConverter.DoubleToInt64Bits), b.LeafValue.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(a.LeafCover, b.LeafCover);
        }
    }

    private sealed class Steps(Action<StepProgress> then) : IProgress<StepProgress>
    {
        public List<StepProgress> Seen { get; } = [];

        public void Report(StepProgress value)
        {
            Seen.Add(value);
            then(value);
        }
    }
}
