namespace ChurnEngine.Models;

/// <summary>A model by vectors: the trees compiled for blocks of rows (<see cref="CompiledTrees"/>), another predictor as it is. Every output has the bits of <see cref="WalkBackend"/>.</summary>
/// <param name="model">Compiled here; needs no file.</param>
public sealed class SimdBackend(ChurnModel model) : PredictorBackend("simd", CompiledTrees.For(model.Predictor), model)
{
    /// <summary>Opens a model with this backend and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A saved or loaded model.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> when the golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model) => Proved(model, new SimdBackend(model));
}
