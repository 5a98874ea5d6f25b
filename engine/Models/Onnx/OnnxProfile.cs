namespace ChurnEngine.Models;

/// <summary>Which operators an exported model uses: exactness here, or reach there.</summary>
public enum OnnxProfile
{
    /// <summary>ai.onnx.ml opset 5, <c>TreeEnsemble</c> with double tensors: exact, and the same for any number of threads. ONNX Runtime 1.20 and later.</summary>
    Default,

    /// <summary>ai.onnx.ml opset 3, <c>TreeEnsembleRegressor</c> in float: older runtimes and tools; equal to float accuracy.</summary>
    Compatible,
}
