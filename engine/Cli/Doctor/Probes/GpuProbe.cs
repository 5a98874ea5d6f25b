using System.Runtime.InteropServices;
using ChurnEngine.OnnxBackend;

namespace ChurnEngine.Cli.Doctor;

/// <summary>NVIDIA devices, their driver, and what ONNX Runtime's CUDA provider would load. Never needed: scoring runs on the processor.</summary>
internal sealed class GpuProbe : IProbe
{
    // What libonnxruntime_providers_cuda.so of ONNX Runtime 1.29 is linked against: CUDA 13 and cuDNN 9.
    private static readonly string[] s_libraries = ["libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcufft.so.12", "libcudnn.so.9"];

    public string Topic => "GPU (optional)";

    public Need Serves => Need.None;

    public IEnumerable<Finding> Look()
    {
        yield return Use(CudaState.Look());
        string[] devices = OperatingSystem.IsLinux() && Directory.Exists("/dev") ? [.. Directory.GetFiles("/dev", "nvidia*").Select(path => Path.GetFileName(path)!).Where(name => name.Length > 6 && name[6..].All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)] : [];
        ProgramAnswer answer = ProgramRun.Ask("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader");
        string[] described = answer.Text?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        yield return new Finding("gpu.device", "NVIDIA device", Standing.Note, described.Length > 0 ? string.Join("; ", described) : devices.Length > 0 ? $"{string.Join(", ", devices)}; nvidia-smi: {answer.Line}" : answer.Path is null ? "none" : $"none; nvidia-smi: {answer.Line}")
        {
            Hint = devices.Length == 0 && described.Length == 0 ? "optional: scoring runs on the processor" : "",
            Details = new Dictionary<string, object> { ["devices"] = Math.Max(devices.Length, described.Length) },
        };
        if (devices.Length == 0 && described.Length == 0)
            yield break;
        string? kernel = SystemFile.Read("/proc/driver/nvidia/version")?.Split('\n')[0];
        yield return new Finding("gpu.driver", "driver", Standing.Note, $"{kernel ?? "no kernel module"}; libcuda.so.1 {(Loads("libcuda.so.1") ? "loads" : "does not load")}");
        string[] absent = [.. s_libraries.Where(library => !Loads(library))];
        yield return new Finding("gpu.cuda_libraries", "CUDA libraries", Standing.Note, absent.Length == 0 ? $"{string.Join(", ", s_libraries)} load" : $"not loadable: {string.Join(", ", absent)}")
        {
            Hint = absent.Length == 0 ? "" : "the CUDA provider would need CUDA 13 and cuDNN 9, in the loader's path or LD_LIBRARY_PATH",
            Details = new Dictionary<string, object> { ["absent"] = absent },
        };
        string? provider = CudaState.FindProvider();
        yield return new Finding("gpu.provider", "CUDA provider of ONNX Runtime", Standing.Note, provider ?? "not beside the program")
        {
            Hint = provider is not null ? "" : "optional: build with -p:Gpu=true to score on a GPU",
        };
    }

    // What `--device auto` comes to here. A GPU, or a build for one, that is not used is worth a warning; a machine without is not.
    private static Finding Use(CudaState cuda) => new("gpu.use", "device of --device auto", cuda is { IsUsable: false, IsExpected: true } ? Standing.Warning : Standing.Note,
        cuda.IsUsable ? $"cuda: {cuda.Reason}" : $"cpu: {cuda.Reason}")
    {
        Hint = cuda.IsUsable ? "" : cuda.IsExpected ? cuda.Hint : "optional: scoring runs on the processor",
        Details = new Dictionary<string, object> { ["device"] = cuda.IsUsable ? "cuda" : "cpu", ["reason"] = cuda.Reason },
    };

    private static bool Loads(string library)
    {
        if (!NativeLibrary.TryLoad(library, out nint handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
