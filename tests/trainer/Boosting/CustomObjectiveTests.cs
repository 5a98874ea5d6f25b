using System.Numerics.Tensors;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>What a researcher writes, and the engine never saw.</summary>
public class CustomObjectiveTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 60, LearningRate = 0.2, EarlyStoppingRounds = 5, ClassWeight = ClassWeights.Of(1, 2) };

    [Fact]
    public void Fit_OwnLogistic_GivesTheTreesOfTheBuiltIn()
    {
        (LabelledRows train, _) = TestRows.Churn(5000, seed: 20, weighted: true);
        (LabelledRows later, _) = TestRows.Churn(2000, seed: 21);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        BoosterResult builtIn = Booster.Fit(train, later, s_options), own = Booster.Fit(new BoosterInputs(train, later) { Objective = new OwnLogistic() }, s_options);
        BoosterTests.AssertSame(builtIn.Ensemble, own.Ensemble);
        Assert.Equal(builtIn.ValidationLoss.Count, own.ValidationLoss.Count);
        Assert.All(builtIn.ValidationLoss.Zip(own.ValidationLoss), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    // Of all that an objective may say, this says only what it must.
    [Fact]
    public void Fit_OwnLogCosh_LearnsANumber()
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 4000).Select(_ => random.NextSingle() * 6)];
        float[] y = [.. x.Select((value, row) => row % 10 == 0 ? 500 : 100 + 10 * MathF.Sin(value))];
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("x"), x));
        BoosterOptions options = s_options with { ClassWeight = null, Trees = 300, L2 = 1e-3 };
        TreeEnsemble robust = Booster.Fit(new BoosterInputs(new LabelledRows(matrix, y)) { Objective = new LogCosh() }, options).Ensemble;
        TreeEnsemble squared = Booster.Fit(new LabelledRows(matrix, y), null, options with { Objective = ObjectiveKind.SquaredError }).Ensemble;
        // A tenth of the labels is 400 too high: the mean follows them by 40, this hardly at all.
        double[] places = [.. Enumerable.Range(1, 59).Select(i => i / 10.0)];
        Assert.InRange(places.Average(at => robust.Margin([(float)at]) - 100 - 10 * Math.Sin(at)), -3, 3);
        Assert.InRange(places.Average(at => squared.Margin([(float)at]) - 100 - 10 * Math.Sin(at)), 35, 45);
    }

    [Fact]
    public void Fit_OwnMetric_IsWatched()
    {
        (LabelledRows train, _) = TestRows.Churn(1500, seed: 20);
        (LabelledRows later, _) = TestRows.Churn(2000, seed: 21, weighted: true);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        BoosterResult result = Booster.Fit(new BoosterInputs(train, later) { Metric = new Hits() }, s_options with { ClassWeight = null, Trees = 400, EarlyStoppingRounds = 20 });
        Assert.Equal("hits", result.MetricName);
        Assert.Equal(result.ValidationMetric.Max(), result.ValidationMetric[result.BestRound - 1]);
        double hits = 0;
        for (int row = 0; row < 2000; row++)
            hits += result.Ensemble.Margin(other.Row(row)) > 0 == (later.Labels.Span[row] == 1) ? later.Weights.Span[row] : 0;
        Assert.Equal(hits, result.ValidationMetric[result.BestRound - 1], 1e-6);
    }

    [Fact]
    public void Fit_OwnObjective_RefusesLabelsInItsOwnWords()
    {
        (LabelledRows rows, _) = TestRows.Churn(100, seed: 20);
        using FeatureMatrix matrix = rows.Matrix;
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(new BoosterInputs(rows with { Labels = Enumerable.Range(0, 100).Select(i => (float)i).ToArray() }) { Objective = new OwnLogistic() }, s_options));
        Assert.Equal((4004, "heads or tails, 1 or 0"), (error.Code.Number, error.Expected));
        ChurnConfigException classes = Assert.Throws<ChurnConfigException>(() => Booster.Fit(new BoosterInputs(rows) { Objective = new LogCosh() }, s_options));
        Assert.Equal((4007, "0: 1, 1: 2"), (classes.Code.Number, classes.Actual));
        Assert.Contains("log_cosh", classes.Expected, StringComparison.Ordinal);
    }

    private sealed class OwnLogistic : IObjective
    {
        public string Name => "own_logistic";

        public string LabelRule => "heads or tails, 1 or 0";

        public OutputLink Link => OutputLink.Sigmoid;

        public bool Accepts(float label) => label is 0 or 1;

        public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
        {
            double share = LabelStatistics.Mean(labels, weights);
            return Math.Log(share / (1 - share));
        }

        public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
        {
            double[] p = new double[rows.Length];
            TensorPrimitives.Sigmoid(rows.Margins, p);
            for (int row = 0; row < p.Length; row++)
            {
                double weight = rows.Weights.IsEmpty ? 1 : rows.Weights[row];
                gradients[row] = (float)(weight * (p[row] - rows.Labels[row]));
                hessians[row] = (float)(weight * (p[row] * (1 - p[row])));
            }
        }

        public double Loss(in LossRows rows)
        {
            double sum = 0;
            for (int row = 0; row < rows.Length; row++)
                sum += (rows.Weights.IsEmpty ? 1 : rows.Weights[row]) * Math.Log(1 + Math.Exp(rows.Labels[row] == 1 ? -rows.Margins[row] : rows.Margins[row]));
            return sum;
        }
    }

    private sealed class LogCosh : IObjective
    {
        public string Name => "log_cosh";

        public double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights) => LabelStatistics.Quantile(labels, weights, 0.5);

        public void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians)
        {
            for (int row = 0; row < rows.Length; row++)
            {
                double tanh = Math.Tanh(rows.Margins[row] - rows.Labels[row]);
                (gradients[row], hessians[row]) = ((float)tanh, (float)Math.Max(1 - tanh * tanh, 0.05));
            }
        }

        public double Loss(in LossRows rows)
        {
            double sum = 0;
            for (int row = 0; row < rows.Length; row++)
            {
                double error = Math.Abs(rows.Margins[row] - rows.Labels[row]);
                sum += error + Math.Log(1 + Math.Exp(-2 * error)) - Math.Log(2);
            }
            return sum;
        }
    }

    private sealed class Hits : IMetric
    {
        public string Name => "hits";

        public bool LargerIsBetter => true;

        public double Value(in MetricRows rows)
        {
            double sum = 0;
            for (int row = 0; row < rows.Labels.Length; row++)
                sum += rows.Margins[row] > 0 == (rows.Labels[row] == 1) ? rows.Weights[row] : 0;
            return sum;
        }
    }
}
