using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ChurnEngine.Bench.Peers;

/// <summary>ONNX Runtime by the plain API, as its first examples show it.</summary>
internal sealed class NaiveOnnx(byte[] model, int features, int threads) : IDisposable
{
    private InferenceSession? _session;

    /// <summary>True: with the CUDA provider, as examples add it; what it has no operator for runs on the processor.</summary>
    public bool OnCuda { get; init; }

    /// <summary>Runs rows through one session that is kept.</summary>
    /// <param name="rows">[N * F] values.</param>
    /// <param name="probability">[N] output.</param>
    /// <param name="batch">Rows of a call.</param>
    public void Kept(float[] rows, float[] probability, int batch)
    {
        _session ??= Open();
        for (int start = 0; start < probability.Length; start += batch)
            Call(_session, rows, probability, (start, Math.Min(batch, probability.Length - start)));
    }

    /// <summary>Opens a session for every call, as code does that has nowhere to keep one.</summary>
    public void Anew(float[] rows, float[] probability, int batch)
    {
        for (int start = 0; start < probability.Length; start += batch)
        {
            using InferenceSession session = Open();
            Call(session, rows, probability, (start, Math.Min(batch, probability.Length - start)));
        }
    }

    public void Dispose() => _session?.Dispose();

    // Defaults, but for the number of threads where that of the machine was not asked for.
    private InferenceSession Open()
    {
        if (threads == Environment.ProcessorCount && !OnCuda)
            return new InferenceSession(model);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        if (OnCuda)
            options.AppendExecutionProvider_CUDA();
        return new InferenceSession(model, options);
    }

    private void Call(InferenceSession session, float[] rows, float[] probability, (int Start, int Count) block)
    {
        var tensor = new DenseTensor<float>(rows.AsMemory(block.Start * features, block.Count * features), [block.Count, features]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor("features", tensor)]);
        outputs.First(output => output.Name == "probability").AsTensor<float>().ToArray().CopyTo(probability, block.Start);
    }
}
