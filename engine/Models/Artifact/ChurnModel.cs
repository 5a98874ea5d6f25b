namespace ChurnEngine.Models;

/// <summary>A whole model: what it computes, calibration, what it says of itself, and the rows it proves itself with.</summary>
public sealed class ChurnModel
{
    /// <summary>Row to margin: a sum of trees, or a linear form.</summary>
    public required IPredictor Predictor { get; init; }

    /// <summary>The trees of a model that is made of trees.</summary>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> for another; ask <see cref="Predictor"/> first.</remarks>
    public TreeEnsemble Ensemble => Predictor as TreeEnsemble ?? throw new InvalidOperationException($"model '{Metadata.ModelName}' is no sum of trees");

    /// <summary>Margin to probability.</summary>
    public Calibration Calibration { get; init; } = SigmoidCalibration.None;

    /// <summary>Features, plan, metrics, training window.</summary>
    public required ModelMetadata Metadata { get; init; }

    /// <summary>Rows and expected outputs; null before the model was exported.</summary>
    public GoldenRows? Golden { get; init; }

    /// <summary>The bytes of the ONNX file it was read from or written to; empty before that.</summary>
    public ReadOnlyMemory<byte> OnnxBytes { get; init; }

    /// <summary>Short identity: "m-" and the first 12 hexadecimal digits of the file's SHA-256; empty before export.</summary>
    public string Version { get; init; } = "";
}
