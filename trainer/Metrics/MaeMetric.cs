using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean absolute error, in units of the label.</summary>
internal sealed class MaeMetric : IMetric
{
    public string Name => "mae";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link != OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => ValueLoss.Absolute(rows.Predicted, rows.Labels, rows.Weights);
}
