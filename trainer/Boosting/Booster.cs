using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Histogram gradient boosting of decision trees, second order.</summary>
public static class Booster
{
    /// <summary>Trains a sum of trees.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="validation">Later rows to stop on; null trains all trees.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each tree, step "trees".</param>
    /// <param name="cancellation">Stops between splits.</param>
    /// <inheritdoc cref="Fit(BoosterInputs, BoosterOptions, IProgress{StepProgress}, CancellationToken)"/>
    public static BoosterResult Fit(LabelledRows train, LabelledRows? validation, BoosterOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        Fit(new BoosterInputs(train, validation), options, progress, cancellation);

    /// <summary>Trains a sum of trees, with an objective or a metric of one's own, or from trees that are there already.</summary>
    /// <param name="inputs">Rows, and what is not to be as the options say.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each tree, step "trees".</param>
    /// <param name="cancellation">Stops between splits.</param>
    /// <returns>The trees and the losses; the same bits for the same data, options and seed, whatever the number of threads.</returns>
    /// <remarks>
    /// Memory: about 2 F + 24 bytes a row beside the matrix, F + 8 a row to stop on, and 6 kB a feature and leaf; taken before the first tree.
    /// Errors: CE4001 to CE4010, CE4032. <see cref="ArgumentException"/> when lengths or features do not fit each other.
    /// Source: Friedman 2001; Chen and Guestrin 2016; Ke et al. 2017.
    /// </remarks>
    public static BoosterResult Fit(BoosterInputs inputs, BoosterOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(inputs.Train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (inputs.Validation is { } validation && !SameFeatures(inputs.Train.Matrix, validation.Matrix))
            throw new ArgumentException("the validation rows have other features than the training rows", nameof(inputs));
        if (inputs.ContinueFrom is { } given && given.FeatureCount != inputs.Train.Matrix.FeatureCount)
            throw new ArgumentException($"the trees to go on from read {given.FeatureCount} features, the training rows have {inputs.Train.Matrix.FeatureCount}", nameof(inputs));
        using var run = new BoostingRun(inputs, options, cancellation);
        return run.Run(progress);
    }

    private static bool SameFeatures(FeatureMatrix a, FeatureMatrix b) =>
        a.Features.Select(feature => (feature.Name, feature.Kind)).SequenceEqual(b.Features.Select(feature => (feature.Name, feature.Kind)));
}
