using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean pinball loss, in units of the label.</summary>
/// <param name="share">Which quantile, above 0 and below 1.</param>
internal sealed class QuantileLossMetric(double share) : IMetric
{
    public string Name => "quantile_loss";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link != OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => ValueLoss.Quantile(rows.Predicted, rows.Labels, rows.Weights, share);
}
