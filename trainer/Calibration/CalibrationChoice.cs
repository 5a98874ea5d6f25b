using System.Globalization;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>How to calibrate.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Which; null chooses by out-of-fold log-loss.</summary>
    public CalibrationKind? Kind { get; init; }

    /// <summary>Parts of the cross-fit, 2 and up; fewer where a class has fewer rows.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Key of the parts.</summary>
    public long Seed { get; init; }

    /// <summary>Degree of parallelism, 1 and up; changes no bit of the result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A calibration, and how it came to be the one.</summary>
/// <remarks>
/// Each kind is fitted on all parts of the rows but one and judged on that one, part by part. The kinds from the simplest on: the first whose mean log-loss is within one standard
/// error (of the paired difference by row) of the best is taken, so that few rows bear few parameters. "none" is judged and never chosen: a fit costs nothing.
/// Source: Breiman et al. 1984, the one-standard-error rule.
/// </remarks>
public sealed record CalibrationChoice
{
    private const double LeastProbability = 1.0 / (1 << 23);

    private static readonly CalibrationKind[] s_candidates = [CalibrationKind.Platt, CalibrationKind.Beta, CalibrationKind.Isotonic];

    /// <summary>Fitted on all rows.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>Which it is.</summary>
    public required CalibrationKind Kind { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Parts of the cross-fit; 0 where a class has fewer than two rows.</summary>
    public required int Folds { get; init; }

    /// <summary>Out-of-fold log-loss by kind, nats; empty without a cross-fit.</summary>
    public required IReadOnlyDictionary<CalibrationKind, double> LogLoss { get; init; }

    /// <summary>[N] probability of each row by a fit on the other parts; without a cross-fit by the one fit.</summary>
    public required float[] OutOfFold { get; init; }

    /// <summary>Chooses and fits.</summary>
    /// <param name="margins">[N] finite log-odds of rows that training has not seen, as they come: not sampled.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <param name="options">Which, and the cross-fit.</param>
    /// <returns>The same bits for the same rows, options and seed, whatever the number of threads.</returns>
    /// <remarks>Memory: 100 bytes a row. Errors: as <see cref="PlattCalibrator.Fit"/>, CE4060 for options out of range.</remarks>
    public static CalibrationChoice Of(double[] margins, float[] labels, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(margins);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Folds < 2)
            throw TrainerErrors.CalibrationFolds(options.Folds);
        // Refuses rows that nothing can be fitted on, whichever kind is asked for.
        _ = PlattCalibrator.Fit(margins, labels);
        int positives = labels.Count(label => label == 1), folds = Math.Min(options.Folds, Math.Min(positives, labels.Length - positives));
        if (folds < 2)
        {
            CalibrationKind only = options.Kind ?? CalibrationKind.Platt;
            Calibration fitted = only.Fit(margins, labels);
            return new CalibrationChoice
            {
                Calibration = fitted,
                Kind = only,
                Reason = options.Kind is null ? "the simplest: a class has one row, so nothing could be compared" : "asked for",
                Folds = 0,
                LogLoss = new Dictionary<CalibrationKind, double>(),
                OutOfFold = Array.ConvertAll(margins, margin => (float)fitted.Probability(margin)),
            };
        }
        var parts = new CrossFit(margins, labels, StratifiedFolds.Assign(labels, folds, options.Seed), folds);
        Dictionary<CalibrationKind, double[]> probability = parts.Run([CalibrationKind.None, .. s_candidates], options.Threads);
        Dictionary<CalibrationKind, double[]> loss = probability.ToDictionary(pair => pair.Key, pair => Losses(pair.Value, labels));
        (CalibrationKind kind, string reason) = options.Kind is { } asked ? (asked, "asked for") : Choose(loss);
        return new CalibrationChoice
        {
            Calibration = kind.Fit(margins, labels),
            Kind = kind,
            Reason = reason,
            Folds = folds,
            LogLoss = loss.ToDictionary(pair => pair.Key, pair => pair.Value.Average()),
            OutOfFold = Array.ConvertAll(probability[kind], value => (float)value),
        };
    }

    private static (CalibrationKind, string) Choose(Dictionary<CalibrationKind, double[]> loss)
    {
        CalibrationKind best = s_candidates.MinBy(kind => loss[kind].Average());
        foreach (CalibrationKind kind in s_candidates)
        {
            if (kind == best)
                break;
            (double difference, double error) = Compare(loss[kind], loss[best]);
            if (difference <= error)
                return (kind, string.Create(CultureInfo.InvariantCulture, $"the simplest within one standard error of the best: {best.NameOf()} loses {difference:0.######} nats less out of fold, give or take {error:0.######}"));
        }
        return (best, string.Create(CultureInfo.InvariantCulture, $"the least out-of-fold log-loss, {loss[best].Average():0.#####} nats"));
    }

    // Mean of the differences by row, and its standard error.
    private static (double Mean, double Error) Compare(double[] one, double[] other)
    {
        double sum = 0, squares = 0;
        for (int row = 0; row < one.Length; row++)
            sum += one[row] - other[row];
        double mean = sum / one.Length;
        for (int row = 0; row < one.Length; row++)
            squares += (one[row] - other[row] - mean) * (one[row] - other[row] - mean);
        return (mean, Math.Sqrt(squares / Math.Max(1, one.Length - 1) / one.Length));
    }

    private static double[] Losses(double[] probability, float[] labels)
    {
        double[] loss = new double[labels.Length];
        for (int row = 0; row < loss.Length; row++)
            loss[row] = -Math.Log(Math.Max(labels[row] == 1 ? probability[row] : 1 - probability[row], LeastProbability));
        return loss;
    }

    private sealed class CrossFit(double[] margins, float[] labels, int[] partOf, int parts)
    {
        public Dictionary<CalibrationKind, double[]> Run(CalibrationKind[] kinds, int threads)
        {
            var probability = kinds.ToDictionary(kind => kind, _ => new double[margins.Length]);
            Parallel.For(0, kinds.Length * parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, task =>
            {
                (CalibrationKind kind, int part) = (kinds[task / parts], task % parts);
                int[] others = [.. Enumerable.Range(0, margins.Length).Where(row => partOf[row] != part)];
                Calibration fitted = kind.Fit(Array.ConvertAll(others, row => margins[row]), Array.ConvertAll(others, row => labels[row]));
                double[] target = probability[kind];
                for (int row = 0; row < target.Length; row++)
                {
                    if (partOf[row] == part)
                        target[row] = fitted.Probability(margins[row]);
                }
            });
            return probability;
        }
    }
}
