using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace ChurnEngine.OnnxBackend;

/// <summary>Whether ONNX Runtime can use a GPU here, and if not, what stands in the way.</summary>
public sealed record CudaState
{
    /// <summary>What the provider of ONNX Runtime 1.29 is built for, as the driver counts: CUDA 13.0.</summary>
    internal const int LeastDriver = 13_000;

    /// <summary>The provider's library.</summary>
    public const string ProviderFile = "libonnxruntime_providers_cuda.so";

    /// <summary>True when a session would run on it.</summary>
    public required bool IsUsable { get; init; }

    /// <summary>What is there, or the first thing that is not, as a part of a sentence: "NVIDIA H200 with CUDA 13.0", "no CUDA provider in this build".</summary>
    public required string Reason { get; init; }

    /// <summary>What to do about it; empty when there is nothing to do.</summary>
    public string Hint { get; init; } = "";

    /// <summary>True when a GPU or the provider is there, so that somebody may have counted on it.</summary>
    public bool IsExpected { get; init; }

    /// <summary>The provider's library where the runtime looks for it; null when it is not there.</summary>
    public static string? FindProvider() =>
        new[] { AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native") }.Select(folder => Path.Combine(folder, ProviderFile)).FirstOrDefault(File.Exists);

    /// <summary>Looks for the provider, the driver and a device, in this order, and has the provider loaded when all are there.</summary>
    /// <remarks>Never throws for what is absent. Loading takes a second or so, since the libraries of CUDA come with it.</remarks>
    public static CudaState Look() => Judge(FindProvider(), CudaDriver.Ask(), LoadProvider);

    /// <summary>The judgement alone.</summary>
    /// <param name="provider">Path of the provider's library; null: not there.</param>
    /// <param name="driver">What the driver says.</param>
    /// <param name="load">Loads the provider, and says why it could not; null when it could.</param>
    internal static CudaState Judge(string? provider, CudaDriver driver, Func<string?> load)
    {
        bool isExpected = provider is not null || driver.Devices > 0;
        if (provider is null)
        {
            string whose = driver.Devices > 0 ? $" for {driver.Name}" : "";
            return No($"no CUDA provider in this build{whose} ({ProviderFile} is not beside the program)", "build with -p:Gpu=true");
        }
        if (driver.Fault is { } fault)
            return No(fault, "install NVIDIA's driver, or give the container its GPU");
        if (driver.Devices == 0)
            return No("an NVIDIA driver without a device", "check nvidia-smi, CUDA_VISIBLE_DEVICES, and that the container was given its GPU");
        if (driver.Version < LeastDriver)
            return No($"a driver of {driver.Name} that is too old: it knows CUDA {Version(driver.Version)}, and the provider needs {Version(LeastDriver)}", "install driver 580 or newer");
        if (load() is { } reason)
            return No($"a CUDA provider that cannot be loaded: {reason}", "it needs CUDA 13 and cuDNN 9 in the loader's path or LD_LIBRARY_PATH; `churn doctor` lists them");
        return new CudaState { IsUsable = true, IsExpected = true, Reason = $"{driver.Name} with CUDA {Version(driver.Version)}" };

        CudaState No(string why, string hint) => new() { IsUsable = false, IsExpected = isExpected, Reason = why, Hint = hint };
        static string Version(int number) => string.Create(CultureInfo.InvariantCulture, $"{number / 1000}.{number % 1000 / 10}");
    }

    private static string? LoadProvider()
    {
        try
        {
            OrtEnv environment = OrtEnv.Instance();
            OrtLoggingLevel level = environment.EnvLogLevel;
            // It also writes its failure to standard error, which is ours.
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            try
            {
                SessionSettings.CreateForCuda().Dispose();
                return null;
            }
            finally
            {
                environment.EnvLogLevel = level;
            }
        }
        catch (Exception fault) when (fault is OnnxRuntimeException || OnnxSession.IsLoadFailure(fault))
        {
            return fault.GetBaseException().Message.Split('\n')[0].Trim().TrimEnd('.');
        }
    }
}
