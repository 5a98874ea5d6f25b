namespace ChurnEngine.Models;

/// <summary>The scalar form of a model as a backend: the tree walk, or the linear sum: the definition that every other backend is compared with.</summary>
/// <remarks>The margin is summed in double, in the order of trees or features, and the probability comes from that double; both are rounded to float last. A regression's value is its link of that double, and stands for the margin too.</remarks>
public sealed class WalkBackend : IModelBackend
{
    // The margins of a block stay on the stack.
    private const int BlockRows = 256;

    private readonly IPredictor _predictor;
    private readonly MarginOutputs _outputs;

    /// <summary>Runs the predictor of <paramref name="model"/>; needs no file.</summary>
    public WalkBackend(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = model.Predictor;
        _outputs = new MarginOutputs(model);
    }

    /// <inheritdoc/>
    public string Name => "walk";

    /// <inheritdoc/>
    public int FeatureCount => _predictor.FeatureCount;

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
            _predictor.Margins(rows.Slice(start * FeatureCount, count * FeatureCount), block);
            _outputs.Write(block, predicted.Slice(start, count), margin.Slice(start, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
