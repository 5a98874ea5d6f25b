using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class EarlyStoppingMetricTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 400, LearningRate = 0.2, EarlyStoppingRounds = 10 };

    /// <summary>A metric, an objective that it can judge, and its value from predictions, labels and weights, written out.</summary>
    public static TheoryData<MetricKind, ObjectiveKind> Fitting
    {
        get
        {
            var data = new TheoryData<MetricKind, ObjectiveKind>();
            foreach (MetricKind metric in (MetricKind[])[MetricKind.LogLoss, MetricKind.RocAuc, MetricKind.AveragePrecision, MetricKind.Brier])
                data.AddRange((metric, ObjectiveKind.Logistic), (metric, ObjectiveKind.Focal));
            foreach (MetricKind metric in (MetricKind[])[MetricKind.Rmse, MetricKind.Mae, MetricKind.QuantileLoss])
                data.AddRange((metric, ObjectiveKind.SquaredError), (metric, ObjectiveKind.Quantile), (metric, ObjectiveKind.Poisson));
            data.AddRange((MetricKind.PoissonDeviance, ObjectiveKind.Poisson), (MetricKind.TweedieDeviance, ObjectiveKind.Tweedie), (MetricKind.PoissonDeviance, ObjectiveKind.Tweedie));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Fit_AnyMetric_KeepsItsBestRoundAndItsValues(MetricKind metric, ObjectiveKind objective)
    {
        (LabelledRows train, _) = TestRows.Churn(1500, seed: 20);
        (LabelledRows later, _) = TestRows.Churn(1000, seed: 21, weighted: true);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        BoosterOptions options = s_options with { EarlyStoppingMetric = metric, Objective = objective, QuantileAlpha = 0.7 };
        BoosterResult result = Booster.Fit(train, later, options);
        Assert.Equal(BoosterValues.NameOf(metric), result.MetricName);
        Assert.Equal(result.ValidationLoss.Count, result.ValidationMetric.Count);
        Assert.Equal(result.BestRound, result.Ensemble.Trees.Count);
        double best = metric is MetricKind.RocAuc or MetricKind.AveragePrecision ? result.ValidationMetric.Max() : result.ValidationMetric.Min();
        Assert.Equal(best, result.ValidationMetric[result.BestRound - 1]);

        OutputLink link = ObjectiveChoice.Of(options).Link;
        double[] predicted = [.. Enumerable.Range(0, 1000).Select(row => link.Apply(result.Ensemble.Margin(other.Row(row))))];
        Assert.Equal(ByDefinition(metric, predicted, later), best, 1e-6);
    }

    [Fact]
    public void Fit_Metric_DecidesWhereToStop()
    {
        (LabelledRows train, _) = TestRows.Churn(1500, seed: 20);
        (LabelledRows later, _) = TestRows.Churn(3000, seed: 21);
        using FeatureMatrix matrix = train.Matrix, other = later.Matrix;
        BoosterResult loss = Booster.Fit(train, later, s_options), auc = Booster.Fit(train, later, s_options with { EarlyStoppingMetric = MetricKind.RocAuc });
        Assert.Same(loss.ValidationLoss, loss.ValidationMetric);
        Assert.Equal("loss", loss.MetricName);
        Assert.NotEqual(loss.BestRound, auc.BestRound);
        Assert.Equal(loss.ValidationLoss.Min(), loss.ValidationLoss[loss.BestRound - 1]);
        Assert.Equal(Math.Min(auc.BestRound + 10, 400), auc.ValidationMetric.Count);
    }

    [Theory]
    [InlineData(MetricKind.RocAuc, ObjectiveKind.SquaredError, "with objective squared_error one of loss, rmse, mae, quantile_loss")]
    [InlineData(MetricKind.Rmse, ObjectiveKind.Logistic, "with objective logistic one of loss, logloss, auc, average_precision, brier")]
    [InlineData(MetricKind.PoissonDeviance, ObjectiveKind.Quantile, "with objective quantile one of loss, rmse, mae, quantile_loss")]
    public void Fit_MetricThatCannotJudge_NamesThoseThatCan(MetricKind metric, ObjectiveKind objective, string expected)
    {
        (LabelledRows rows, _) = TestRows.Churn(200, seed: 20);
        using FeatureMatrix matrix = rows.Matrix;
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Booster.Fit(rows, rows, s_options with { EarlyStoppingMetric = metric, Objective = objective }));
        Assert.Equal((4007, expected, BoosterValues.NameOf(metric)), (error.Code.Number, error.Expected, error.Actual));
        Assert.Contains("early_stopping_metric", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_RankMetricOnOneClass_IsRefusedBeforeTheFirstTree()
    {
        (LabelledRows rows, _) = TestRows.Churn(200, seed: 20);
        using FeatureMatrix matrix = rows.Matrix;
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => Booster.Fit(rows, rows with { Labels = new float[200] }, s_options with { EarlyStoppingMetric = MetricKind.RocAuc }));
        Assert.Equal(4010, error.Code.Number);
        Assert.Contains("'auc'", error.Message, StringComparison.Ordinal);
        // The loss is defined there.
        Booster.Fit(rows, rows with { Labels = new float[200] }, s_options with { Trees = 2 });
    }

    private static double ByDefinition(MetricKind metric, double[] predicted, LabelledRows rows)
    {
        float[] labels = rows.Labels.ToArray(), weights = rows.Weights.ToArray();
        double Mean(Func<double, double, double> term) => predicted.Select((value, row) => weights[row] * term(value, labels[row])).Sum() / weights.Sum(weight => (double)weight);
        return metric switch
        {
            MetricKind.LogLoss => Mean((p, y) => -Math.Log(y == 1 ? p : 1 - p)),
            MetricKind.Brier => Mean((p, y) => (p - y) * (p - y)),
            MetricKind.Rmse => Math.Sqrt(Mean((v, y) => (v - y) * (v - y))),
            MetricKind.Mae => Mean((v, y) => Math.Abs(v - y)),
            MetricKind.QuantileLoss => Mean((v, y) => y > v ? 0.7 * (y - v) : 0.3 * (v - y)),
            MetricKind.PoissonDeviance => Mean((v, y) => 2 * (v - y + (y == 0 ? 0 : y * Math.Log(y / v)))),
            MetricKind.TweedieDeviance => Mean((v, y) => 2 * (-4 * Math.Sqrt(y) + 2 * y / Math.Sqrt(v) + 2 * Math.Sqrt(v))),
            MetricKind.RocAuc => Pairs(predicted, labels, weights),
            _ => Precision(predicted, labels, weights),
        };
    }

    private static double Pairs(double[] predicted, float[] labels, float[] weights)
    {
        double wins = 0, all = 0;
        for (int a = 0; a < labels.Length; a++)
        {
            for (int b = 0; b < labels.Length; b++)
            {
                if (labels[a] != 1 || labels[b] != 0)
                    continue;
                double pair = (double)weights[a] * weights[b];
                wins += (float)predicted[a] > (float)predicted[b] ? pair : (float)predicted[a] == (float)predicted[b] ? pair / 2 : 0;
                all += pair;
            }
        }
        return wins / all;
    }

    private static double Precision(double[] predicted, float[] labels, float[] weights)
    {
        double sum = 0, positives = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] != 1)
                continue;
            double hits = 0, flagged = 0;
            for (int other = 0; other < labels.Length; other++)
            {
                if ((float)predicted[other] < (float)predicted[row])
                    continue;
                flagged += weights[other];
                hits += labels[other] * weights[other];
            }
            sum += weights[row] * hits / flagged;
            positives += weights[row];
        }
        return sum / positives;
    }
}
