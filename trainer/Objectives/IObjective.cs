using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>A loss that trees can minimise. One file each; a built-in one is that file, a line in <see cref="BoosterValues"/> and a case in <see cref="ObjectiveChoice"/>, one's own goes into <see cref="BoosterInputs.Objective"/>.</summary>
/// <remarks>
/// All spans of one call have one length n; <c>weights</c> may be empty, which means 1 everywhere. Called from many threads at once, a chunk of rows each, so that a call costs nothing beside its rows.
/// The same input must give the same bits whatever the chunk.
/// </remarks>
public interface IObjective
{
    /// <summary>Its name in messages and in the model file, such as "poisson".</summary>
    string Name { get; }

    /// <summary>The labels that fit, in words, for the error message.</summary>
    string LabelRule => "a finite number";

    /// <summary>True when the label fits. Never asked about NaN.</summary>
    bool Accepts(float label) => float.IsFinite(label);

    /// <summary>How what is predicted comes from the margin. Sigmoid: labels are 0 or 1, and class weights apply.</summary>
    OutputLink Link => OutputLink.Identity;

    /// <summary>Largest absolute leaf value before shrinkage where the options set no limit; 0 means none.</summary>
    double MaxDeltaStep => 0;

    /// <summary>Where the second derivative says nothing: each leaf's value becomes this quantile, above 0 and below 1, of label - margin over its rows. Null: Newton's step.</summary>
    double? LeafQuantile => null;

    /// <summary>The margin with the least loss when all rows get the same one.</summary>
    /// <param name="labels">[n] labels that fit, at least two different ones on rows of positive weight.</param>
    /// <param name="weights">[n] weights, or empty. <see cref="LabelStatistics"/> has what is usually wanted.</param>
    double BaseMargin(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights);

    /// <summary>First and second derivative of each row's weighted loss by its margin.</summary>
    /// <param name="rows">[n] rows.</param>
    /// <param name="gradients">[n] set to the first.</param>
    /// <param name="hessians">[n] set to the second, or to a bound that is not negative.</param>
    void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians);

    /// <summary>Sum of the rows' weighted losses.</summary>
    /// <param name="rows">[n] rows.</param>
    double Loss(in LossRows rows);
}
