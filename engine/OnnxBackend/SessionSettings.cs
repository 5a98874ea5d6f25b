using Microsoft.ML.OnnxRuntime;

namespace ChurnEngine.OnnxBackend;

/// <summary>How sessions are set up: the one place to add another device.</summary>
internal static class SessionSettings
{
    /// <summary>The first GPU.</summary>
    public const int CudaDevice = 0;

    /// <summary>One thread that does not spin: the callers are the parallelism, and the sums keep their order.</summary>
    public static SessionOptions Create()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // What goes wrong comes back as an exception; warnings would fall into the progress bar.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    /// <summary>The GPU, and no operator beside it: one that fell back to the processor in silence would copy every block twice.</summary>
    /// <remarks>Errors: <see cref="OnnxRuntimeException"/> when the provider cannot be loaded.</remarks>
    public static SessionOptions CreateForCuda()
    {
        SessionOptions options = Create();
        try
        {
            options.AppendExecutionProvider_CUDA(CudaDevice);
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
