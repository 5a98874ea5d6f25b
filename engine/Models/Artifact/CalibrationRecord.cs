namespace ChurnEngine.Models;

/// <summary>How a model's calibration was chosen, and how far its probabilities are from the outcomes before and after.</summary>
public sealed record CalibrationRecord
{
    /// <summary>none, platt, beta or isotonic.</summary>
    public required string Method { get; init; }

    /// <summary>What was asked for: auto, or one of them.</summary>
    public required string Asked { get; init; }

    /// <summary>Why this one, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Rows that it was fitted on: later than those trained on, and not sampled.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of them with label 1.</summary>
    public required long Positives { get; init; }

    /// <summary>Parts of the cross-fit; 0 where there were too few rows for one.</summary>
    public required int Folds { get; init; }

    /// <summary>Out-of-fold log-loss by method, nats; empty where there were too few rows.</summary>
    public required IReadOnlyDictionary<string, double> LogLoss { get; init; }

    /// <summary>The probabilities sigmoid(margin) of these rows.</summary>
    public required ProbabilityQuality Before { get; init; }

    /// <summary>The calibrated probabilities of these rows, each by a fit on the other parts.</summary>
    public required ProbabilityQuality After { get; init; }

    /// <summary>Refuses a record of a file that lacks a part of it.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/>.</remarks>
    internal CalibrationRecord Whole() => Method is not null && Asked is not null && Reason is not null && LogLoss is not null && Before?.Reliability is not null && After?.Reliability is not null
        ? this
        : throw new InvalidDataException("the record of the calibration is not whole");
}

/// <summary>How far probabilities are from the outcomes.</summary>
/// <param name="LogLoss">Mean of -ln(probability of what happened), nats.</param>
/// <param name="Brier">Mean squared error, 0..1.</param>
/// <param name="Ece">Expected calibration error over 15 bins of equal mass, 0..1.</param>
/// <param name="Reliability">The bins, from low to high.</param>
public sealed record ProbabilityQuality(double LogLoss, double Brier, double Ece, IReadOnlyList<ReliabilityPoint> Reliability);

/// <summary>Rows of similar probability.</summary>
/// <param name="Probability">Their mean probability, 0..1.</param>
/// <param name="Rate">Share of them with label 1.</param>
/// <param name="Rows">How many, 1 and up.</param>
public readonly record struct ReliabilityPoint(double Probability, double Rate, long Rows);

/// <summary>Mean loss over the rounds of boosting.</summary>
/// <param name="Metric">What validation watched: "loss", or a metric's name.</param>
/// <param name="Rounds">Round of each point, ascending from 1: all of them, or some hundred evenly spaced.</param>
/// <param name="Train">Loss over the training rows after that round.</param>
/// <param name="Validation">Loss over the rows that stop; empty without.</param>
/// <param name="Kept">Round up to which trees were kept.</param>
public sealed record LearningCurve(string Metric, IReadOnlyList<int> Rounds, IReadOnlyList<double> Train, IReadOnlyList<double> Validation, int Kept)
{
    /// <summary>Refuses a curve of a file whose parts do not fit together.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/>.</remarks>
    internal LearningCurve Whole() => Metric is not null && Rounds is not null && Train?.Count == Rounds.Count && Validation is not null && (Validation.Count == 0 || Validation.Count == Rounds.Count)
        ? this
        : throw new InvalidDataException("the learning curve is not whole");
}
