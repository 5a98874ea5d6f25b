using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean Poisson deviance.</summary>
internal sealed class PoissonDevianceMetric : IMetric
{
    public string Name => "poisson_deviance";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link == OutputLink.Exp;

    public double Value(in MetricRows rows) => ValueLoss.PoissonDeviance(rows.Predicted, rows.Labels, rows.Weights);
}
