namespace ChurnEngine.OnnxBackend;

/// <summary>Where ONNX Runtime runs a model.</summary>
public enum OnnxDevice
{
    /// <summary>On a GPU where CUDA can be used, else on the processor.</summary>
    Auto,
    /// <summary>On the processor.</summary>
    Cpu,
    /// <summary>On a GPU, or not at all.</summary>
    Cuda,
}
