namespace ChurnEngine.Models;

/// <summary>The scalar form of a model as a backend: the tree walk, or the linear sum, in the order of trees or features: the definition that every other backend is compared with.</summary>
/// <param name="model">Its predictor runs as it is; needs no file.</param>
public sealed class WalkBackend(ChurnModel model) : PredictorBackend("walk", model.Predictor, model)
{
    /// <summary>Opens a model with this backend and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A saved or loaded model.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> when the golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model) => Proved(model, new WalkBackend(model));
}
