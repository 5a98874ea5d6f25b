namespace ChurnEngine.Evaluation.Tests;

public class ClassificationMetricsTests
{
    [Fact]
    public void Evaluate_Random_EqualsEachMetricAlone()
    {
        (float[] probability, float[] labels) = Samples.Draw(3, 4000, 300);
        ClassificationMetrics metrics = ClassificationMetrics.Evaluate(probability, labels, 0.55);
        Confusion cells = Confusion.At(probability, labels, 0.55);

        var expected = new Dictionary<string, double>
        {
            ["rows"] = 4000,
            ["positives"] = labels.Sum(),
            ["positive_rate"] = labels.Average(y => (double)y),
            ["mean_probability"] = probability.Average(p => (double)p),
            ["roc_auc"] = RocAuc.Compute(probability, labels),
            ["roc_auc_low"] = RocAuc.DeLong(probability, labels).Lower,
            ["roc_auc_high"] = RocAuc.DeLong(probability, labels).Upper,
            ["roc_auc_se"] = RocAuc.DeLong(probability, labels).StandardError,
            ["pr_auc"] = AveragePrecision.Compute(probability, labels),
            ["log_loss"] = ProbabilityLoss.LogLoss(probability, labels),
            ["brier"] = ProbabilityLoss.Brier(probability, labels),
            ["ece"] = Reliability.ExpectedCalibrationError(probability, labels),
            ["threshold"] = 0.55,
            ["precision"] = cells.Precision,
            ["recall"] = cells.Recall,
            ["f1"] = cells.F1,
            ["accuracy"] = cells.Accuracy,
            ["true_positives"] = cells.TruePositives,
            ["false_positives"] = cells.FalsePositives,
            ["false_negatives"] = cells.FalseNegatives,
            ["true_negatives"] = cells.TrueNegatives,
            ["precision_at_10"] = TopShare.Precision(probability, labels, 0.1),
            ["lift_at_10"] = TopShare.Lift(probability, labels, 0.1),
        };
        IReadOnlyDictionary<string, double> actual = metrics.ToDictionary();
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, pair => Assert.Equal(pair.Value, actual[pair.Key], 1e-9));
    }

    [Fact]
    public void ToDictionary_OneClass_LeavesOutWhatIsNotDefined()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Evaluate([0.1f, 0.2f], [0, 0], 0.5);
        Assert.Equal(double.NaN, metrics.RocAuc.Auc);
        IReadOnlyDictionary<string, double> names = metrics.ToDictionary();
        Assert.DoesNotContain("roc_auc", names.Keys);
        Assert.DoesNotContain("lift_at_10", names.Keys);
        Assert.Equal(1, names["accuracy"]);
    }

    [Fact]
    public void Confusion_TenRows_EqualsHandWorked()
    {
        // 0.7f is a little below 0.7, yet a user who says 0.7 means it.
        Confusion cells = Confusion.At([0.9f, 0.7f, 0.7f, 0.4f, 0.2f, float.NaN], [1, 1, 0, 1, 0, 1], 0.7);
        Assert.Equal(new Confusion(2, 1, 2, 1), cells);
        Assert.Equal(2.0 / 3, cells.Precision, 1e-15);
        Assert.Equal(0.5, cells.Recall);
        Assert.Equal(4.0 / 7, cells.F1, 1e-15);
        Assert.Equal(0.5, cells.Accuracy);
        Assert.Equal(0, Confusion.At([], [], 0.5).Precision);
    }
}
