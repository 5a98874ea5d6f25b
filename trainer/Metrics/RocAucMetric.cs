using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Area under the ROC curve.</summary>
internal sealed class RocAucMetric : IMetric
{
    public string Name => "auc";

    public bool LargerIsBetter => true;

    public bool Fits(OutputLink link) => link == OutputLink.Sigmoid;

    public double Value(in MetricRows rows) => RocAuc.Compute(rows.Predicted, rows.Labels, rows.Weights);
}
