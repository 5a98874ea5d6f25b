using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Average precision.</summary>
internal sealed class AveragePrecisionMetric : IMetric
{
    public string Name => "average_precision";

    public bool LargerIsBetter => true;

    public bool Fits(OutputLink link) => link == OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => AveragePrecision.Compute(rows.Predicted, rows.Labels, rows.Weights);
}
