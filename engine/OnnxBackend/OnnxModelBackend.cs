using System.Runtime.InteropServices;
using ChurnEngine.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ChurnEngine.OnnxBackend;

/// <summary>ONNX Runtime on the CPU: one shared session, as many callers as the job has threads.</summary>
/// <remarks>Memory: the runtime reads the caller's rows and writes the caller's outputs in place; what it needs in between is bounded by
/// <see cref="BlockRows"/> rows a caller; a call allocates some small objects, never one a row. Categorical values must be whole codes or NaN,
/// as a feature matrix promises: the runtime cuts 2.5 down to 2 before it looks for it in a set. Errors: <see cref="Columns.ChurnModelException"/> CE51xx for all that the native side reports.</remarks>
public sealed class OnnxModelBackend : IModelBackend
{
    /// <summary>Rows a call of the runtime: enough to spread its fixed cost, few enough to stay in the cache.</summary>
    internal const int BlockRows = 8192;

    private static readonly string[] InputNames = ["features"];
    private static readonly string[] ClassifierOutputs = ["probability", "margin"];
    private static readonly string[] RegressionOutputs = ["value"];

    private readonly InferenceSession _session;
    private readonly string _version;
    private readonly string[] _outputs;
    private int _disposed;

    private OnnxModelBackend(InferenceSession session, ChurnModel model)
    {
        _session = session;
        _version = model.Version;
        _outputs = model.Metadata.Task == ModelTask.Regression ? RegressionOutputs : ClassifierOutputs;
        FeatureCount = model.Predictor.FeatureCount;
    }

    /// <summary>Version of the native library, such as "1.29.0".</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5102 when it cannot be loaded.</remarks>
    public static string RuntimeVersion => Ask(environment => environment.GetVersionString());

    /// <summary>Execution providers that the native library was built with, such as "CPUExecutionProvider", the preferred ones first.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5102 when it cannot be loaded.</remarks>
    public static IReadOnlyList<string> ExecutionProviders => Ask(environment => environment.GetAvailableProviders());

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>Opens the ONNX file of a saved or loaded model and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A model with <see cref="ChurnModel.OnnxBytes"/> and golden rows.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> when it was never exported, the runtime refuses it, or its golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.OnnxBytes.IsEmpty)
            throw OnnxErrors.NotExported(model.Metadata.ModelName);

        var backend = new OnnxModelBackend(OpenSession(model), model);
        try
        {
            backend.CheckSignature();
            ModelProof.Check(model, backend);
            return backend;
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        BackendShape.Check(FeatureCount, rows, predicted, margin);
        for (int start = 0; start < predicted.Length; start += BlockRows)
        {
            int count = Math.Min(BlockRows, predicted.Length - start);
            Run(rows.Slice(start * FeatureCount, count * FeatureCount), predicted.Slice(start, count), margin.Slice(start, count));
        }
    }

    /// <summary>Closes the session; a second call does nothing. No call of <see cref="Predict"/> may be under way.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _session.Dispose();
    }

    private static InferenceSession OpenSession(ChurnModel model)
    {
        try
        {
            using SessionOptions options = SessionSettings.Create();
            // The session parses the bytes and lets go of them; only a slice of a larger array has to be copied.
            bool isWhole = MemoryMarshal.TryGetArray(model.OnnxBytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length;
            return new InferenceSession(isWhole ? segment.Array! : model.OnnxBytes.ToArray(), options);
        }
        catch (OnnxRuntimeException fault)
        {
            throw OnnxErrors.CannotOpen(model.Version, fault);
        }
        catch (Exception fault) when (IsLoadFailure(fault))
        {
            throw OnnxErrors.NoRuntime(fault);
        }
    }

    private static T Ask<T>(Func<OrtEnv, T> question)
    {
        try
        {
            return question(OrtEnv.Instance());
        }
        catch (Exception fault) when (IsLoadFailure(fault))
        {
            throw OnnxErrors.NoRuntime(fault);
        }
    }

    private static bool IsLoadFailure(Exception fault) =>
        fault is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException;

    private void CheckSignature()
    {
        string expected = $"features [N,{FeatureCount}] -> {string.Join(", ", _outputs.Select(output => $"{output} [N,1]"))}";
        string actual = $"{Describe(_session.InputMetadata)} -> {Describe(_session.OutputMetadata)}";
        if (actual != expected)
            throw OnnxErrors.WrongSignature(_version, expected, actual);

        static string Describe(IReadOnlyDictionary<string, NodeMetadata> values) =>
            string.Join(", ", values.Select(v => $"{v.Key} [{string.Join(",", v.Value.Dimensions.Select(d => d < 0 ? "N" : $"{d}"))}]"));
    }

    private unsafe void Run(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        fixed (float* rowsPointer = rows, predictedPointer = predicted, marginPointer = margin)
        {
            try
            {
                using OrtValue input = Wrap(rowsPointer, predicted.Length, FeatureCount);
                using OrtValue predictedOut = Wrap(predictedPointer, predicted.Length, 1);
                using OrtValue marginOut = Wrap(marginPointer, predicted.Length, 1);
                OrtValue[] outputs = [predictedOut, marginOut];
                _session.Run(null, InputNames, [input], _outputs, outputs[.._outputs.Length]);
            }
            catch (OnnxRuntimeException fault)
            {
                throw OnnxErrors.RunFailed(_version, predicted.Length, fault);
            }
        }
        if (_outputs.Length == 1)
            predicted.CopyTo(margin);
    }

    private static unsafe OrtValue Wrap(float* values, int rows, int columns) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [rows, columns], (IntPtr)values, (long)rows * columns * sizeof(float));
}
