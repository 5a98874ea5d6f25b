using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Histogram gradient boosting as an algorithm. What validation rows choose is the number of trees.</summary>
public sealed class BoosterAlgorithm(BoosterOptions options) : IAlgorithm
{
    /// <summary>How it trains.</summary>
    public BoosterOptions Options => options;

    /// <summary>Trees to go on from; null starts anew.</summary>
    public TreeEnsemble? ContinueFrom { get; init; }

    private Action<SplitTrace>? Trace { get; init; }

    /// <summary>The same, telling <paramref name="trace"/> of every split.</summary>
    public BoosterAlgorithm Tracing(Action<SplitTrace> trace) => new(options) { ContinueFrom = ContinueFrom, Trace = trace };

    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        BoosterResult result = Booster.Fit(new BoosterInputs(train, validation) { ContinueFrom = ContinueFrom, Trace = Trace }, options, progress, cancellation);
        Dictionary<string, string> text = OptionText.Of(AlgorithmKind.Boosting, options);
        text["BestRound"] = result.BestRound.ToString(CultureInfo.InvariantCulture);
        return new TrainedPredictor
        {
            Predictor = result.Ensemble,
            Chosen = result.BestRound,
            Size = result.BestRound == 1 ? "1 tree" : $"{result.BestRound} trees",
            Options = text,
            Importance = result.Importance,
            History = HistoryOf(result),
            Curve = CurveOf(result, ContinueFrom?.Trees.Count ?? 0),
        };
    }

    private static Dictionary<string, IReadOnlyList<double>> HistoryOf(BoosterResult result)
    {
        var history = new Dictionary<string, IReadOnlyList<double>> { ["train.loss"] = result.TrainLoss };
        if (result.ValidationLoss.Count > 0)
        {
            history["stop.loss"] = result.ValidationLoss;
            history[$"stop.{result.MetricName}"] = result.ValidationMetric;
        }
        return history;
    }

    // A model's file needs no more points than a picture has.
    private static LearningCurve CurveOf(BoosterResult result, int given)
    {
        const int MostPoints = 200;
        int rounds = result.TrainLoss.Count, points = Math.Min(MostPoints, rounds);
        int[] at = [.. Enumerable.Range(1, points).Select(point => (int)((long)point * rounds / points) - 1)];
        return new LearningCurve(result.MetricName, [.. at.Select(round => given + round + 1)], [.. at.Select(round => result.TrainLoss[round])],
            result.ValidationLoss.Count == 0 ? [] : [.. at.Select(round => result.ValidationLoss[round])], result.BestRound);
    }

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        double[] trees = [.. folds.Select(fold => fold.Chosen).Order()];
        return new BoosterAlgorithm(options with { Trees = (int)trees[trees.Length / 2], EarlyStoppingRounds = 0 }) { ContinueFrom = ContinueFrom, Trace = Trace };
    }
}
