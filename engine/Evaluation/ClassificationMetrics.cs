namespace ChurnEngine.Evaluation;

/// <summary>All that one set of probabilities and outcomes says of a classifier. The design of the sample (as-of, gap, horizon, split) belongs beside it.</summary>
public sealed record ClassificationMetrics
{
    /// <summary>N.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows with label 1.</summary>
    public required long Positives { get; init; }

    /// <summary>Mean predicted probability, 0..1; beside the positive rate it shows calibration in the large.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>Area under the ROC curve with its 95% interval (DeLong); NaN when only one class is present.</summary>
    public required AucInterval RocAuc { get; init; }

    /// <summary>Average precision, 0..1; NaN when only one class is present.</summary>
    public required double PrAuc { get; init; }

    /// <summary>Mean log-loss in nats, clipped at 2^-23.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean squared error of the probability, 0..1.</summary>
    public required double Brier { get; init; }

    /// <summary>Expected calibration error over 15 bins of equal mass, 0..1.</summary>
    public required double Ece { get; init; }

    /// <summary>Probability from which a row is flagged.</summary>
    public required double Threshold { get; init; }

    /// <summary>Cells at <see cref="Threshold"/>; precision, recall, F1 and accuracy come from it.</summary>
    public required Confusion Confusion { get; init; }

    /// <summary>Share of positives among the 10% with the highest probability, 0..1.</summary>
    public required double PrecisionAt10 { get; init; }

    /// <summary><see cref="PrecisionAt10"/> over the positive rate; NaN when no row is positive.</summary>
    public required double LiftAt10 { get; init; }

    /// <summary>Share of positives, 0..1; NaN for no rows.</summary>
    public double PositiveRate => (double)Positives / Rows;

    /// <summary>Computes every metric; the rows are sorted once.</summary>
    /// <param name="probability">[N] 0..1. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="threshold">A row at or above it is flagged, 0..1.</param>
    /// <remarks>Memory: 16 bytes a row from the shared pool, O(N). Errors: ArgumentException when the lengths differ, a probability is NaN or a label is not 0 or 1.</remarks>
    public static ClassificationMetrics Evaluate(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, double threshold)
    {
        using RankedScores ranked = RankedScores.Sort(probability, labels);
        double sum = 0;
        foreach (float value in probability)
            sum += value;
        return new ClassificationMetrics
        {
            Rows = ranked.Count,
            Positives = ranked.Positives,
            MeanProbability = sum / ranked.Count,
            RocAuc = Evaluation.RocAuc.DeLong(ranked),
            PrAuc = AveragePrecision.Compute(ranked),
            LogLoss = ProbabilityLoss.LogLoss(probability, labels),
            Brier = ProbabilityLoss.Brier(probability, labels),
            Ece = Reliability.ExpectedCalibrationError(ranked, Reliability.DefaultBins),
            Threshold = threshold,
            Confusion = Confusion.At(probability, labels, threshold),
            PrecisionAt10 = TopShare.Precision(ranked, 0.1),
            LiftAt10 = TopShare.Lift(ranked, 0.1),
        };
    }

    /// <summary>The metrics by stable snake_case name, in a stable order. One that is not defined (NaN) is left out, since JSON has no NaN.</summary>
    public IReadOnlyDictionary<string, double> ToDictionary()
    {
        (string Name, double Value)[] all =
        [
            ("rows", Rows), ("positives", Positives), ("positive_rate", PositiveRate), ("mean_probability", MeanProbability),
            ("roc_auc", RocAuc.Auc), ("roc_auc_low", RocAuc.Lower), ("roc_auc_high", RocAuc.Upper), ("roc_auc_se", RocAuc.StandardError),
            ("pr_auc", PrAuc), ("log_loss", LogLoss), ("brier", Brier), ("ece", Ece),
            ("threshold", Threshold), ("precision", Confusion.Precision), ("recall", Confusion.Recall), ("f1", Confusion.F1), ("accuracy", Confusion.Accuracy),
            ("true_positives", Confusion.TruePositives), ("false_positives", Confusion.FalsePositives),
            ("false_negatives", Confusion.FalseNegatives), ("true_negatives", Confusion.TrueNegatives),
            ("precision_at_10", PrecisionAt10), ("lift_at_10", LiftAt10),
        ];
        var result = new Dictionary<string, double>(all.Length);
        foreach ((string name, double value) in all)
        {
            if (!double.IsNaN(value))
                result.Add(name, value);
        }
        return result;
    }
}
