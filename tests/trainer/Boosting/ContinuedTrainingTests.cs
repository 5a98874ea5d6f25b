using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class ContinuedTrainingTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 12, LearningRate = 0.2, EarlyStoppingRounds = 0 };

    public static TheoryData<BoosterOptions> Variants() =>
    [
        s_options,
        s_options with { RowSample = 0.6, ColumnSample = 0.5, Seed = 9 },
        s_options with { Objective = ObjectiveKind.Focal, ClassWeight = ClassWeights.Balanced },
        s_options with { Objective = ObjectiveKind.Poisson, Growth = GrowthPolicy.DepthWise, MaxDepth = 4 },
        s_options with { Objective = ObjectiveKind.Quantile, QuantileAlpha = 0.3 },
        s_options with { Objective = ObjectiveKind.Tweedie, RowSample = 0.8 },
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Fit_SomeTreesAndThenTheRest_GivesTheBitsOfOneTraining(BoosterOptions options)
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, seed: 1, weighted: true);
        (LabelledRows later, _) = TestRows.Churn(3000, seed: 2);
        using FeatureMatrix matrix = rows.Matrix, other = later.Matrix;
        if (options.Objective is ObjectiveKind.Quantile or ObjectiveKind.Tweedie)
            (rows, later) = (Spent(rows), Spent(later));
        BoosterResult whole = Booster.Fit(rows, later, options);
        BoosterResult first = Booster.Fit(rows, later, options with { Trees = 5 });
        BoosterResult rest = Booster.Fit(new BoosterInputs(rows, later) { ContinueFrom = first.Ensemble }, options with { Trees = 7, Threads = 3 });
        BoosterTests.AssertSame(whole.Ensemble, rest.Ensemble);
        Assert.Equal(12, rest.BestRound);
        Assert.Equal(whole.TrainLoss.Skip(5), rest.TrainLoss);
        Assert.Equal(whole.ValidationLoss.Skip(5), rest.ValidationLoss);
    }

    [Fact]
    public void Fit_Continued_StopsOnNewTreesAlone()
    {
        (LabelledRows train, _) = TestRows.Churn(1500, seed: 20);
        (LabelledRows later, _) = TestRows.Churn(3000, seed: 21);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        BoosterOptions options = s_options with { Trees = 500, EarlyStoppingRounds = 15 };
        BoosterResult best = Booster.Fit(train, later, options);
        // From before the best round it comes to the same end.
        TreeEnsemble early = Booster.Fit(train, later, options with { Trees = 3, EarlyStoppingRounds = 0 }).Ensemble;
        BoosterTests.AssertSame(best.Ensemble, Booster.Fit(new BoosterInputs(train, later) { ContinueFrom = early }, options).Ensemble);
        // From the best round no further tree helps, and none is kept, though fifteen were tried.
        BoosterResult none = Booster.Fit(new BoosterInputs(train, later) { ContinueFrom = best.Ensemble }, options);
        Assert.Equal((best.BestRound, 15), (none.BestRound, none.ValidationLoss.Count));
        BoosterTests.AssertSame(best.Ensemble, none.Ensemble);
    }

    [Fact]
    public void Fit_OtherRows_KeepsTheGivenTrees()
    {
        (LabelledRows old, _) = TestRows.Churn(3000, seed: 1);
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 2);
        using FeatureMatrix matrix = old.Matrix, other = rows.Matrix;
        TreeEnsemble given = Booster.Fit(old, null, s_options).Ensemble;
        BoosterResult result = Booster.Fit(new BoosterInputs(rows) { ContinueFrom = given }, s_options with { Trees = 4 });
        Assert.Equal(given.Trees, result.Ensemble.Trees.Take(12));
        Assert.Equal((16, given.BaseMargin), (result.Ensemble.Trees.Count, result.Ensemble.BaseMargin));
        Assert.True(result.TrainLoss[0] > result.TrainLoss[^1]);
    }

    [Fact]
    public void Fit_OtherNumberOfFeatures_IsACallersBug()
    {
        (LabelledRows rows, _) = TestRows.Churn(500, seed: 1);
        using FeatureMatrix matrix = rows.Matrix, narrow = TestRows.Matrix((TestRows.Numeric("x"), [.. Enumerable.Range(0, 500).Select(row => (float)row)]));
        TreeEnsemble given = Booster.Fit(rows with { Matrix = narrow }, null, s_options).Ensemble;
        Assert.Throws<ArgumentException>(() => Booster.Fit(new BoosterInputs(rows) { ContinueFrom = given }, s_options));
    }

    [Fact]
    public void Fit_InitialMargins_AreWhereTrainingStarts()
    {
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 3);
        (LabelledRows later, _) = TestRows.Churn(2000, seed: 4);
        using FeatureMatrix matrix = rows.Matrix, other = later.Matrix;
        // Rounding at random is keyed by the number of the tree, which differs.
        BoosterOptions exact = s_options with { QuantizedGradients = false };
        TreeEnsemble first = Booster.Fit(rows, null, exact with { Trees = 5 }).Ensemble;
        LabelledRows started = WithMargins(rows, first), startedLater = WithMargins(later, first);
        BoosterResult result = Booster.Fit(started, startedLater, exact with { Trees = 7 });
        // What five trees say already, seven more go on from: the same trees, and the model holds those seven alone.
        BoosterResult whole = Booster.Fit(new BoosterInputs(rows, later) { ContinueFrom = first }, exact with { Trees = 7 });
        BoosterTests.AssertSame(new TreeEnsemble { FeatureCount = 8, BaseMargin = 0, Trees = [.. whole.Ensemble.Trees.Skip(5)] }, result.Ensemble);
        Assert.Equal(whole.ValidationLoss, result.ValidationLoss);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Fit_InitialMarginThatIsNoNumber_NamesItsRow(double margin)
    {
        (LabelledRows rows, _) = TestRows.Churn(100, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        double[] margins = new double[100];
        margins[37] = margin;
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(rows with { InitialMargins = margins }, null, s_options));
        Assert.Equal(4009, error.Code.Number);
        Assert.Contains("row 37", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Booster.Fit(rows with { InitialMargins = new double[99] }, null, s_options));
        Assert.Throws<ArgumentException>(() => Booster.Fit(rows with { InitialMargins = new double[100] }, rows, s_options));
    }

    internal static LabelledRows Spent(LabelledRows rows) =>
        rows with { Labels = Enumerable.Range(0, rows.Labels.Length).Select(row => rows.Labels.Span[row] * rows.Matrix.Row(row)[2]).ToArray() };

    private static LabelledRows WithMargins(LabelledRows rows, TreeEnsemble ensemble) =>
        rows with { InitialMargins = Enumerable.Range(0, rows.Labels.Length).Select(row => ensemble.Margin(rows.Matrix.Row(row))).ToArray() };
}
