using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class ClassWeightTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 40, LearningRate = 0.1, EarlyStoppingRounds = 0 };

    [Fact]
    public void Fit_ClassWeights_AreWeightsOfTheRows()
    {
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 6, weighted: true);
        using FeatureMatrix matrix = rows.Matrix;
        float[] by = [.. Enumerable.Range(0, 4000).Select(row => rows.Weights.Span[row] * (rows.Labels.Span[row] == 1 ? 3 : 1))];
        TreeEnsemble expected = Booster.Fit(rows with { Weights = by }, null, s_options).Ensemble;
        foreach (BoosterOptions options in (BoosterOptions[])[s_options with { ClassWeight = ClassWeights.Of(1, 3) }, s_options with { ScalePosWeight = 3 }])
        {
            TreeEnsemble actual = Booster.Fit(rows, null, options).Ensemble;
            Assert.Equal(expected.BaseMargin, actual.BaseMargin);
            Assert.Equal(expected.Trees.SelectMany(tree => tree.LeafValue), actual.Trees.SelectMany(tree => tree.LeafValue));
            // How many customers a leaf holds does not depend on how training weighs them.
            Assert.Equal(4000 * rows.Weights.ToArray().Average(weight => (double)weight), actual.Trees[0].LeafCover.Sum(), 1e-6);
        }
    }

    [Fact]
    public void Fit_Balanced_StartsFromEvenOdds()
    {
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 6, weighted: true);
        using FeatureMatrix matrix = rows.Matrix;
        Assert.NotEqual(0, Booster.Fit(rows, null, s_options).Ensemble.BaseMargin, 0.1);
        Assert.Equal(0, Booster.Fit(rows, null, s_options with { ClassWeight = ClassWeights.Balanced }).Ensemble.BaseMargin, 1e-6);
    }

    // The loss that is minimised is the loss that is watched: an unweighted one would stop a weighted training at once.
    [Fact]
    public void Fit_ClassWeights_CountInTheLossAndNotInAMetric()
    {
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 6);
        (LabelledRows later, _) = TestRows.Churn(2000, seed: 7);
        using FeatureMatrix matrix = rows.Matrix, other = later.Matrix;
        BoosterOptions options = s_options with { ScalePosWeight = 5, EarlyStoppingMetric = MetricKind.LogLoss };
        BoosterResult result = Booster.Fit(rows, later, options);
        double plain = 0, weighted = 0, weights = 0;
        for (int row = 0; row < 2000; row++)
        {
            double margin = result.Ensemble.Margin(other.Row(row)), loss = Math.Log(1 + Math.Exp(later.Labels.Span[row] == 1 ? -margin : margin)), weight = later.Labels.Span[row] == 1 ? 5 : 1;
            plain += loss / 2000;
            weighted += weight * loss;
            weights += weight;
        }
        Assert.Equal(plain, result.ValidationMetric[^1], 1e-5);
        Assert.Equal(weighted / weights, result.ValidationLoss[^1], 1e-9);
    }

    // Weights move the margins; a calibration on rows as they are brings the probabilities back.
    [Theory]
    [InlineData("balanced")]
    [InlineData("0: 1, 1: 12")]
    public void Calibrate_AfterClassWeights_ProbabilitiesAreThoseOfTheCustomers(string weights)
    {
        (LabelledRows train, _) = TestRows.Churn(20_000, seed: 6);
        (LabelledRows calibrate, _) = TestRows.Churn(10_000, seed: 7);
        (LabelledRows test, _) = TestRows.Churn(10_000, seed: 8);
        using FeatureMatrix a = train.Matrix, b = calibrate.Matrix, c = test.Matrix;
        TreeEnsemble ensemble = Booster.Fit(train, null, s_options with { ClassWeight = ClassWeights.TryParse(weights) }).Ensemble;
        SigmoidCalibration calibration = PlattCalibrator.Fit(Margins(ensemble, b), calibrate.Labels.Span);
        double rate = test.Labels.ToArray().Average(), honest = Margins(ensemble, c).Average(calibration.Probability), raw = Margins(ensemble, c).Average(SigmoidCalibration.None.Probability);
        Assert.Equal(rate, honest, 0.012);
        Assert.True(Math.Abs(raw - rate) > 0.05, $"raw {raw}, rate {rate}");
    }

    [Fact]
    public void Fit_ClassWithoutWeight_IsOneClass()
    {
        (LabelledRows rows, _) = TestRows.Churn(400, seed: 6);
        using FeatureMatrix matrix = rows.Matrix;
        Assert.Equal(4005, Assert.Throws<ChurnDataException>(() => Booster.Fit(rows, null, s_options with { ClassWeight = ClassWeights.Of(0, 1) })).Code.Number);
    }

    private static double[] Margins(TreeEnsemble ensemble, FeatureMatrix matrix) => [.. Enumerable.Range(0, (int)matrix.RowCount).Select(row => ensemble.Margin(matrix.Row(row)))];
}
