using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using Microsoft.ML.OnnxRuntime;

namespace ChurnEngine.OnnxBackend;

/// <summary>ONNX Runtime: one shared session, as many callers as the job has threads, each with tensors of its own.</summary>
/// <remarks>On the processor the session has one thread, which is the caller's. On a GPU it runs the <see cref="TensorForm"/> of the trees, for the runtime has no operator of trees there.
/// Memory: a caller's tensors and what the runtime needs in between are bounded by a block of rows, 32,768 at most; they are kept for the next call, and a call with blocks as
/// those before makes no object. Categorical values must be whole codes or NaN, as a feature matrix promises: on the processor the runtime cuts 2.5 down to 2 before it looks for it in a set.
/// Errors: <see cref="ChurnModelException"/> CE51xx for all that the native side reports.</remarks>
public sealed class OnnxModelBackend : IModelBackend
{
    // Intermediates of one caller: on the processor a few times its cache, so that the fixed cost of some hundred operators is spread; on a GPU enough to fill it.
    private const long ProcessorBytes = 8 << 20, DeviceBytes = 256 << 20;
    private const int LeastBlock = 256, MostBlock = 65_536;

    private readonly OnnxSession _session;
    private readonly string _version;
    private readonly BlockSize _blocks;
    private readonly BlockMemory? _memory;
    private readonly Stack<CallerTensors> _idle = new();
    private int _disposed;

    private OnnxModelBackend(string name, ChurnModel model, OnnxSession session, (BlockSize Size, BlockMemory? Memory) blocks)
    {
        Name = name;
        _session = session;
        _version = model.Version;
        (_blocks, _memory) = blocks;
    }

    /// <summary>Version of the native library, such as "1.29.0".</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5102 when it cannot be loaded.</remarks>
    public static string RuntimeVersion => OnnxSession.Ask(environment => environment.GetVersionString());

    /// <summary>Execution providers that the native library was built with, such as "CPUExecutionProvider", the preferred ones first.</summary>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5102 when it cannot be loaded.</remarks>
    public static IReadOnlyList<string> ExecutionProviders => OnnxSession.Ask(environment => environment.GetAvailableProviders());

    /// <summary>"onnx" on the processor, "onnx-cuda" on a GPU: sums have another order there, so their last bits may differ.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public int FeatureCount => _session.FeatureCount;

    /// <summary>Rows a call of the runtime at present.</summary>
    internal int BlockRows => _blocks.Rows;

    /// <summary>Opens the ONNX file of a saved or loaded model on the processor and checks its golden rows; fits <see cref="OpenModelBackend"/>.</summary>
    /// <param name="model">A model with <see cref="ChurnModel.OnnxBytes"/> and golden rows.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> when it was never exported, the runtime refuses it, or its golden rows do not reproduce.</remarks>
    public static IModelBackend Open(ChurnModel model)
    {
        RequireFile(model);
        return OpenRemembering(model, UserCache.Folder);
    }

    /// <summary>Opens a model on the device that was asked for, or that is there.</summary>
    /// <param name="model">As for the other form.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="warn">Told, in one sentence, why <see cref="OnnxDevice.Auto"/> does not use a GPU that is there or that this build is made for.</param>
    /// <remarks>Errors: as the other form; <see cref="ChurnConfigException"/> CE5106 when <see cref="OnnxDevice.Cuda"/> cannot be had, <see cref="ChurnModelException"/> CE5206 when it can, but the model has no tensor form.</remarks>
    public static IModelBackend Open(ChurnModel model, OnnxDevice device, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        RequireFile(model);
        if (device == OnnxDevice.Cpu)
            return Open(model);
        CudaState cuda = CudaState.Look();
        if (!cuda.IsUsable)
        {
            if (device == OnnxDevice.Cuda)
                throw OnnxErrors.NoCuda(cuda);
            if (cuda.IsExpected)
                warn($"the model runs on the processor, for there is {cuda.Reason}: {cuda.Hint}");
            return Open(model);
        }
        try
        {
            return OpenOnCuda(model);
        }
        catch (ChurnModelException fault) when (device == OnnxDevice.Auto)
        {
            warn($"the model runs on the processor, and not on {cuda.Reason}: {fault.Message}");
            return Open(model);
        }
    }

    /// <summary>The same as the public form, with the block size remembered elsewhere.</summary>
    internal static OnnxModelBackend OpenRemembering(ChurnModel model, string? cacheFolder)
    {
        var memory = new BlockMemory(cacheFolder, new BlockSubject(model.Version, BlockSubject.ThisMachine, RuntimeVersion));
        return OpenProven("onnx", model, OnnxSession.Open(model, model.OnnxBytes, isOnDevice: false), (BlockSize.Probe(memory.Read()), memory));
    }

    /// <summary>Opens the model's own file on the processor, with blocks of one size.</summary>
    internal static OnnxModelBackend OpenWithBlocks(ChurnModel model, int rows) =>
        OpenProven("onnx", model, OnnxSession.Open(model, model.OnnxBytes, isOnDevice: false), (BlockSize.Fixed(rows), null));

    /// <summary>Opens the tensor form on the processor: what tests prove and benchmarks compare where there is no GPU.</summary>
    internal static OnnxModelBackend OpenTensorForm(ChurnModel model) =>
        OpenProven("onnx-tensor", model, OnnxSession.Open(model, TensorForm.Encode(model), isOnDevice: false), (BlockSize.Fixed(BlockOf(model, ProcessorBytes)), null));

    /// <summary>Opens the tensor form on the GPU.</summary>
    internal static OnnxModelBackend OpenOnCuda(ChurnModel model) =>
        OpenProven("onnx-cuda", model, OnnxSession.Open(model, TensorForm.Encode(model), isOnDevice: true), (BlockSize.Fixed(BlockOf(model, DeviceBytes)), null));

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        BackendShape.Check(FeatureCount, rows, predicted, margin);
        CallerTensors tensors = Take();
        try
        {
            for (int start = 0; start < predicted.Length;)
            {
                int count = _blocks.Next(predicted.Length - start, predicted.Length, out int size);
                long began = Stopwatch.GetTimestamp();
                Run(tensors, rows.Slice(start * FeatureCount, count * FeatureCount), predicted.Slice(start, count), margin.Slice(start, count));
                _blocks.Report(size, count, Stopwatch.GetTimestamp() - began);
                start += count;
            }
        }
        finally
        {
            lock (_idle)
                _idle.Push(tensors);
        }
    }

    /// <summary>Closes the session and remembers the block size that was found; a second call does nothing. No call of <see cref="Predict"/> may be under way.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (CallerTensors tensors in _idle)
            tensors.Dispose();
        _session.Dispose();
        if (_blocks.Finding is { } finding)
            _memory?.Write(finding);
    }

    private static OnnxModelBackend OpenProven(string name, ChurnModel model, OnnxSession session, (BlockSize, BlockMemory?) blocks)
    {
        var backend = new OnnxModelBackend(name, model, session, blocks);
        try
        {
            ModelProof.Check(model, backend);
            return backend;
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    private static void RequireFile(ChurnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.OnnxBytes.IsEmpty)
            throw OnnxErrors.NotExported(model.Metadata.ModelName);
    }

    private static int BlockOf(ChurnModel model, long bytes) => ((model.Predictor as StackedModel)?.Trees ?? model.Predictor as TreeEnsemble) is { } ensemble
        ? (int)Math.Clamp(bytes / ((long)TensorForm.BytesPerRowAndTree * Math.Max(1, ensemble.Trees.Count)), LeastBlock, MostBlock)
        : BlockSize.Default;

    private CallerTensors Take()
    {
        lock (_idle)
            return _idle.TryPop(out CallerTensors? tensors) ? tensors : new CallerTensors(_session);
    }

    private void Run(CallerTensors tensors, ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        try
        {
            tensors.Run(rows, predicted, margin);
        }
        catch (OnnxRuntimeException fault)
        {
            throw OnnxErrors.RunFailed(_version, predicted.Length, fault);
        }
    }
}
