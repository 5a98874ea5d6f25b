using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Mean Tweedie deviance.</summary>
/// <param name="power">Of the mean, that the variance grows as; above 1 and below 2.</param>
internal sealed class TweedieDevianceMetric(double power) : IMetric
{
    public string Name => "tweedie_deviance";

    public bool LargerIsBetter => false;

    public bool Fits(OutputLink link) => link == OutputLink.Exp;

    public double Value(in MetricRows rows) => ValueLoss.TweedieDeviance(rows.Predicted, rows.Labels, rows.Weights, power);
}
