using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean squared difference of probability and outcome.</summary>
internal sealed class BrierMetric : IMetric
{
    public string Name => "brier";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link == OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => ProbabilityLoss.Brier(rows.Predicted, rows.Labels, rows.Weights);
}
