using System.Runtime.InteropServices;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChurnEngine.OnnxBackend;

/// <summary>A session of the runtime over one model, and what is bound to it. Shared by all callers.</summary>
internal sealed class OnnxSession : IDisposable
{
    private const string InputName = "features";
    private static readonly string[] s_classifierOutputs = ["probability", "margin"];
    private static readonly string[] s_regressionOutputs = ["value"];

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly bool _isOnDevice;

    private OnnxSession(InferenceSession session, ChurnModel model, bool isOnDevice)
    {
        (_session, _isOnDevice) = (session, isOnDevice);
        FeatureCount = model.Predictor.FeatureCount;
        OutputNames = model.Metadata.Task == ModelTask.Regression ? s_regressionOutputs : s_classifierOutputs;
    }

    /// <summary>F, the width of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>Outputs, in their order.</summary>
    public string[] OutputNames { get; }

    /// <summary>Opens a session.</summary>
    /// <param name="model">What the file is of.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="isOnDevice">True: on the GPU, and nowhere else. The runtime would run on the processor whatever the GPU has no operator for, and say nothing.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5102, CE5103, CE5104.</remarks>
    public static OnnxSession Open(ChurnModel model, ReadOnlyMemory<byte> file, bool isOnDevice)
    {
        try
        {
            using SessionOptions options = isOnDevice ? SessionSettings.CreateForCuda() : SessionSettings.Create();
            // The session parses the bytes and lets go of them; only a slice of a larger array has to be copied.
            bool isWhole = MemoryMarshal.TryGetArray(file, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length;
            var session = new OnnxSession(new InferenceSession(isWhole ? segment.Array! : file.ToArray(), options), model, isOnDevice);
            try
            {
                session.CheckSignature(model.Version);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (OnnxRuntimeException fault)
        {
            throw isOnDevice ? OnnxErrors.CannotOpenOnCuda(model.Version, fault) : OnnxErrors.CannotOpen(model.Version, fault);
        }
        catch (Exception fault) when (IsLoadFailure(fault))
        {
            throw OnnxErrors.NoRuntime(fault);
        }
    }

    /// <summary>Asks the runtime itself.</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5102 when it cannot be loaded.</remarks>
    public static T Ask<T>(Func<OrtEnv, T> question)
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

    /// <summary>Binds tensors of N rows over a caller's memory.</summary>
    public Binding Bind(int rows, NativeBuffer<float> input, NativeBuffer<float>[] outputs)
    {
        var binding = new Binding(rows, _session.CreateIoBinding(), Binding.Tensor(input, rows, FeatureCount), Array.ConvertAll(outputs, output => Binding.Tensor(output, rows, 1)));
        // On the processor the runtime reads the memory at every run. A device is given a copy whenever the input is bound, so there it is bound by Run.
        if (!_isOnDevice)
            binding.Io.BindInput(InputName, binding.Input);
        for (int i = 0; i < OutputNames.Length; i++)
            binding.Io.BindOutput(OutputNames[i], binding.Outputs[i]);
        return binding;
    }

    /// <summary>Runs the model over what is bound. Thread-safe for bindings of different callers.</summary>
    /// <remarks>Errors: <see cref="OnnxRuntimeException"/>.</remarks>
    public void Run(Binding binding)
    {
        if (_isOnDevice)
        {
            binding.Io.BindInput(InputName, binding.Input);
            binding.Io.SynchronizeBoundInputs();
        }
        _session.RunWithBinding(_runOptions, binding.Io);
        if (_isOnDevice)
            binding.Io.SynchronizeBoundOutputs();
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>True when the native library is absent, or is another one.</summary>
    public static bool IsLoadFailure(Exception fault) =>
        fault is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException;

    private void CheckSignature(string version)
    {
        string expected = $"{InputName} [N,{FeatureCount}] -> {string.Join(", ", OutputNames.Select(output => $"{output} [N,1]"))}";
        string actual = $"{Describe(_session.InputMetadata)} -> {Describe(_session.OutputMetadata)}";
        if (actual != expected)
            throw OnnxErrors.WrongSignature(version, expected, actual);

        static string Describe(IReadOnlyDictionary<string, NodeMetadata> values) =>
            string.Join(", ", values.Select(v => $"{v.Key} [{string.Join(",", v.Value.Dimensions.Select(d => d < 0 ? "N" : $"{d}"))}]"));
    }
}
