using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean log-loss of the probabilities, in nats.</summary>
internal sealed class LogLossMetric : IMetric
{
    public string Name => "logloss";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link == OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => ProbabilityLoss.LogLoss(rows.Predicted, rows.Labels, rows.Weights);
}
