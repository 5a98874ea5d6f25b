namespace ChurnEngine.Models;

/// <summary>The scalar tree walk as a backend: the definition that every other backend is compared with.</summary>
/// <remarks>The margin is summed in double in tree order and the probability comes from that double; both are rounded to float last. A regression's value is its link of that double, and stands for the margin too.</remarks>
public sealed class WalkBackend : IModelBackend
{
    // One tree's nodes stay in the first-level cache while a block of rows passes through it.
    private const int BlockRows = 256;

    private readonly TreeEnsemble _ensemble;
    // An array, because enumerating the list would allocate.
    private readonly DecisionTree[] _trees;
    private readonly SigmoidCalibration _calibration;
    private readonly bool _isRegression;
    private readonly OutputLink _link;

    /// <summary>Walks the trees of <paramref name="model"/>; needs no file.</summary>
    public WalkBackend(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _ensemble = model.Ensemble;
        _trees = [.. model.Ensemble.Trees];
        _calibration = model.Calibration;
        _isRegression = model.Metadata.Task == ModelTask.Regression;
        _link = model.Metadata.Link;
    }

    /// <inheritdoc/>
    public string Name => "walk";

    /// <inheritdoc/>
    public int FeatureCount => _ensemble.FeatureCount;

    /// <summary>Opens a model with this backend and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A saved or loaded model.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> when the golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model)
    {
        var backend = new WalkBackend(model);
        ModelProof.Check(model, backend);
        return backend;
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        BackendShape.Check(FeatureCount, rows, predicted, margin);
        Span<double> sums = stackalloc double[BlockRows];
        for (int start = 0; start < predicted.Length; start += BlockRows)
        {
            int count = Math.Min(BlockRows, predicted.Length - start);
            Span<double> block = sums[..count];
            Sum(rows.Slice(start * FeatureCount, count * FeatureCount), block);
            for (int row = 0; row < count; row++)
            {
                margin[start + row] = (float)(_isRegression ? _link.Apply(block[row]) : block[row]);
                predicted[start + row] = _isRegression ? margin[start + row] : (float)_calibration.Probability(block[row]);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Sum(ReadOnlySpan<float> rows, Span<double> sums)
    {
        sums.Fill(_ensemble.BaseMargin);
        foreach (DecisionTree tree in _trees)
        {
            for (int row = 0; row < sums.Length; row++)
                sums[row] += tree.LeafValue[tree.FindLeaf(rows.Slice(row * FeatureCount, FeatureCount))];
        }
    }
}
