using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Trainer;

/// <summary>A forest as an algorithm. Nothing is chosen on validation rows: more trees never fit worse.</summary>
public sealed class ForestAlgorithm(ForestOptions options) : IAlgorithm
{
    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ForestResult result = Forest.Fit(train, options, progress, cancellation);
        Dictionary<string, string> text = OptionText.Of(options.ExtraTrees ? AlgorithmKind.ExtraTrees : AlgorithmKind.Forest, options);
        string size = options.Trees == 1 ? "1 tree" : $"{options.Trees} trees";
        if (OutOfBag(result, train) is { } estimate)
        {
            (string name, double value) = estimate;
            text["OutOfBag" + name] = value.ToString(CultureInfo.InvariantCulture);
            size += string.Create(CultureInfo.InvariantCulture, $", out-of-bag {name} {value:F4},");
        }
        return new TrainedPredictor { Predictor = result.Ensemble, Chosen = options.Trees, Size = size, Options = text, Importance = result.Importance };
    }

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds) => this;

    // How good the forest is by the trees that did not see a row; rows that all saw are left out.
    private (string Name, double Value)? OutOfBag(ForestResult result, LabelledRows train)
    {
        int[] rows = [.. Enumerable.Range(0, result.OutOfBagMargins.Count).Where(row => !double.IsNaN(result.OutOfBagMargins[row]))];
        if (rows.Length == 0)
            return null;
        float[] labels = [.. rows.Select(row => train.Labels.Span[row])];
        float[] predictions = [.. rows.Select(row => (float)result.OutOfBagPredictions[row])];
        if (options.Objective == ObjectiveKind.SquaredError)
            return ("RMSE", Math.Sqrt(predictions.Zip(labels, (a, b) => ((double)a - b) * ((double)a - b)).Average()));
        return labels.Distinct().Count() < 2 ? null : ("AUC", RocAuc.Compute(predictions, labels));
    }
}
