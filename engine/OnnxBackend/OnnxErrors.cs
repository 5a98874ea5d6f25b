using ChurnEngine.Columns;

namespace ChurnEngine.OnnxBackend;

/// <summary>Every error of the ONNX Runtime backend, in one place.</summary>
internal static class OnnxErrors
{
    public static ChurnModelException NotExported(string name) =>
        new(new(5101), $"model '{name}' has no ONNX file yet, so ONNX Runtime cannot open it") { Hint = "save it with ModelFile.Save first" };

    public static ChurnModelException NoRuntime(Exception inner) =>
        new(new(5102), $"ONNX Runtime's native library cannot be loaded: {inner.GetBaseException().Message.Split('\n')[0].Split(". In order")[0]}", inner)
        {
            Hint = "libonnxruntime.so belongs beside the program: build again, and see `churn doctor`",
        };

    public static ChurnModelException CannotOpen(string version, Exception inner) =>
        new(new(5103), $"ONNX Runtime refuses model '{version}': {inner.Message}", inner)
        {
            Hint = "the runtime may be too old for ai.onnx.ml opset 5 (1.20 and later know it): see `churn doctor`",
        };

    public static ChurnModelException WrongSignature(string version, string expected, string actual) =>
        new(new(5104), $"model '{version}' has other inputs or outputs than a churn model")
        {
            Expected = expected,
            Actual = actual,
            Hint = "export it again with `churn train`",
        };

    public static ChurnModelException RunFailed(string version, int rows, Exception inner) =>
        new(new(5105), $"ONNX Runtime failed on model '{version}' with {rows} rows: {inner.Message}", inner)
        {
            Hint = "if memory is short, lower --threads; otherwise report it with `churn doctor`",
        };

    public static ChurnConfigException NoCuda(CudaState cuda) =>
        new(new(5106), "--device cuda cannot be had")
        {
            Expected = "a GPU that ONNX Runtime can use",
            Actual = cuda.Reason,
            Hint = $"{cuda.Hint}; or take --device auto, which uses what is there",
        };

    public static ChurnModelException CannotOpenOnCuda(string version, Exception inner) =>
        new(new(5107), $"ONNX Runtime cannot run model '{version}' on the GPU: {inner.Message.Split('\n')[0]}", inner)
        {
            Hint = "score with --device cpu; if memory of the GPU is short, end what else uses it",
        };
}
