using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Logistic regression as an algorithm. What validation rows choose is the strength of the penalty.</summary>
public sealed class LogisticAlgorithm(LogisticRegressionOptions options) : IAlgorithm
{
    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        LogisticRegressionResult result = LogisticRegression.Fit(train, validation, options, progress, cancellation);
        int learnt = result.Coefficients.Count - 1;
        Dictionary<string, string> text = OptionText.Of(AlgorithmKind.Logistic, options with { Alpha = result.Alpha });
        text["Iterations"] = result.Iterations.ToString(CultureInfo.InvariantCulture);
        text["Violation"] = result.Violation.ToString(CultureInfo.InvariantCulture);
        return new TrainedPredictor
        {
            Predictor = result.Model,
            Chosen = result.Alpha,
            Size = string.Create(CultureInfo.InvariantCulture, $"{learnt} of {result.Columns} coefficients other than 0, alpha {result.Alpha:G3}"),
            Options = text,
            Coefficients = result.Coefficients,
            Warnings = result.HasConverged ? [] :
            [
                string.Create(CultureInfo.InvariantCulture, $"logistic regression stopped after {result.Iterations} steps, {result.Violation:G2} from the optimum where {options.Tolerance:G2} was asked for: raise `max_iterations`, or the penalty `alpha`"),
            ],
        };
    }

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        double[] strengths = [.. folds.Select(fold => fold.Chosen).Order()];
        return new LogisticAlgorithm(options with { Alpha = strengths[strengths.Length / 2] });
    }
}
