using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Root of the mean squared error, in units of the label.</summary>
internal sealed class RmseMetric : IMetric
{
    public string Name => "rmse";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link != OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => Math.Sqrt(ValueLoss.Squared(rows.Predicted, rows.Labels, rows.Weights));
}
