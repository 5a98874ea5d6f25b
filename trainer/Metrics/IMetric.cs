using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>What early stopping watches on the validation rows. One file each; a built-in one is that file, a line in <see cref="BoosterValues"/> and a case in <see cref="MetricChoice"/>, one's own goes into <see cref="BoosterInputs.Metric"/>.</summary>
public interface IMetric
{
    /// <summary>Its name in messages and results, such as "auc".</summary>
    string Name { get; }

    /// <summary>True when more is better, as of an area under a curve; false of a loss.</summary>
    bool LargerIsBetter { get; }

    /// <summary>True when it can judge what an objective of this link predicts.</summary>
    bool Fits(OutputLink link) => true;

    /// <summary>Its value over all validation rows.</summary>
    /// <param name="rows">[n] rows; the same rows in the same order every round.</param>
    /// <returns>NaN where it is not defined, such as a rank metric of one class: that never counts as better, and before the first tree it is an error.</returns>
    double Value(in MetricRows rows);
}

/// <summary>Rows as a metric sees them.</summary>
/// <param name="margins">[n] margins.</param>
/// <param name="predicted">[n] what the model would predict: the objective's link of the margin, not calibrated.</param>
/// <param name="labels">[n] labels.</param>
/// <param name="weights">[n] the rows' own weights, without those of classes; or empty for 1 everywhere.</param>
public readonly ref struct MetricRows(ReadOnlySpan<double> margins, ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
{
    /// <summary>[n] margins.</summary>
    public ReadOnlySpan<double> Margins { get; } = margins;

    /// <summary>[n] what the model would predict: the objective's link of the margin, not calibrated.</summary>
    public ReadOnlySpan<float> Predicted { get; } = predicted;

    /// <summary>[n] labels.</summary>
    public ReadOnlySpan<float> Labels { get; } = labels;

    /// <summary>[n] the rows' own weights, without those of classes; or empty for 1 everywhere.</summary>
    public ReadOnlySpan<float> Weights { get; } = weights;
}
