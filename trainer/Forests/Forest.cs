using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Random forests and extra trees, on the histograms of the booster.</summary>
public static class Forest
{
    /// <summary>Grows a forest.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each tree, step "trees".</param>
    /// <param name="cancellation">Stops between splits.</param>
    /// <returns>The trees and the out-of-bag estimates; the same bits for the same data, options and seed, whatever the number of threads.</returns>
    /// <remarks>
    /// A tree's gain is that of one Newton step from the mean of all labels, which orders splits as the squared error does and so, for classes, as the Gini index. Of a 0/1 label with mean p0 a leaf of mean p is worth
    /// (p - p0) / (p0 (1 - p0)) log-odds: the forest's margin is a linear function of the averaged class shares, ranks as they do, and is brought to probabilities by calibration like every model.
    /// Memory: about 2 F + 48 bytes a row beside the matrix, and 6 kB a feature and open leaf. Errors: CE4001 to CE4008.
    /// Source: Breiman 2001; Geurts, Ernst and Wehenkel 2006.
    /// </remarks>
    public static ForestResult Fit(LabelledRows train, ForestOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using var run = new ForestRun(train, options, cancellation);
        return run.Run(progress);
    }
}
