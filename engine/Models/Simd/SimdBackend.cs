namespace ChurnEngine.Models;

/// <summary>A model by vectors: the trees compiled for blocks of rows (<see cref="CompiledTrees"/>), another predictor as it is. Every output has the bits of <see cref="WalkBackend"/>.</summary>
public sealed class SimdBackend : IModelBackend
{
    // Four blocks of rows a turn; their margins stay on the stack.
    private const int TurnRows = 4 * BlockLayout.Rows;

    private readonly IPredictor _predictor;
    private readonly MarginOutputs _outputs;

    /// <summary>Compiles <paramref name="model"/>; needs no file.</summary>
    public SimdBackend(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = CompiledTrees.For(model.Predictor);
        _outputs = new MarginOutputs(model);
    }

    /// <inheritdoc/>
    public string Name => "simd";

    /// <inheritdoc/>
    public int FeatureCount => _predictor.FeatureCount;

    /// <summary>Opens a model with this backend and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A saved or loaded model.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> when the golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model)
    {
        var backend = new SimdBackend(model);
        ModelProof.Check(model, backend);
        return backend;
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        BackendShape.Check(FeatureCount, rows, predicted, margin);
        Span<double> sums = stackalloc double[TurnRows];
        for (int start = 0; start < predicted.Length; start += TurnRows)
        {
            int count = Math.Min(TurnRows, predicted.Length - start);
            _predictor.Margins(rows.Slice(start * FeatureCount, count * FeatureCount), sums[..count]);
            _outputs.Write(sums[..count], predicted.Slice(start, count), margin.Slice(start, count));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
