namespace ChurnEngine.Models;

/// <summary>From margins in double to what a backend gives out, the same way in each backend of ours.</summary>
internal sealed class MarginOutputs(ChurnModel model)
{
    private readonly SigmoidCalibration _calibration = model.Calibration;
    private readonly bool _isRegression = model.Metadata.Task == ModelTask.Regression;
    private readonly OutputLink _link = model.Metadata.Link;

    /// <summary>Writes the outputs of some rows.</summary>
    /// <param name="margins">[N] sums in double.</param>
    /// <param name="predicted">[N] calibrated probability, from the double; or the value.</param>
    /// <param name="margin">[N] the sum; or the value.</param>
    public void Write(ReadOnlySpan<double> margins, Span<float> predicted, Span<float> margin)
    {
        for (int row = 0; row < margins.Length; row++)
        {
            margin[row] = (float)(_isRegression ? _link.Apply(margins[row]) : margins[row]);
            predicted[row] = _isRegression ? margin[row] : (float)_calibration.Probability(margins[row]);
        }
    }
}
