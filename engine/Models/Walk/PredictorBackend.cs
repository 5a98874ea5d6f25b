namespace ChurnEngine.Models;

/// <summary>A predictor of ours as a backend: margins in double, and what is given out of them.</summary>
/// <remarks>The probability comes from the margin in double, and both are rounded to float last. A regression's value is its link of that double, and stands for the margin too.</remarks>
public abstract class PredictorBackend : IModelBackend
{
    // The margins of a turn stay on the stack; four of the blocks that CompiledTrees works on.
    private const int TurnRows = 4 * BlockLayout.Rows;

    private readonly IPredictor _predictor;
    private readonly Calibration _calibration;
    private readonly OutputLink _link;
    private readonly bool _isRegression;

    private protected PredictorBackend(string name, IPredictor predictor, ChurnModel model)
    {
        (Name, _predictor, _calibration, _link) = (name, predictor, model.Calibration, model.Metadata.Link);
        _isRegression = model.Metadata.Task == ModelTask.Regression;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int FeatureCount => _predictor.FeatureCount;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        BackendShape.Check(FeatureCount, rows, predicted, margin);
        Span<double> sums = stackalloc double[TurnRows];
        for (int start = 0; start < predicted.Length; start += TurnRows)
        {
            int count = Math.Min(TurnRows, predicted.Length - start);
            _predictor.Margins(rows.Slice(start * FeatureCount, count * FeatureCount), sums[..count]);
            Write(sums[..count], predicted.Slice(start, count), margin.Slice(start, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    private protected static IModelBackend Proved(ChurnModel model, PredictorBackend backend)
    {
        ModelProof.Check(model, backend);
        return backend;
    }

    private void Write(ReadOnlySpan<double> margins, Span<float> predicted, Span<float> margin)
    {
        for (int row = 0; row < margins.Length; row++)
        {
            margin[row] = (float)(_isRegression ? _link.Apply(margins[row]) : margins[row]);
            predicted[row] = _isRegression ? margin[row] : (float)_calibration.Probability(margins[row]);
        }
    }
}
