using System.Runtime.InteropServices;
using System.Text;

namespace ChurnEngine.OnnxBackend;

/// <summary>What NVIDIA's driver says of itself. It is asked directly: the runtime's provider loads with no device at all, and says little of why it does not.</summary>
/// <param name="Fault">Why it could not be asked; null when it could.</param>
/// <param name="Version">Newest CUDA that it serves, as 1000 * major + 10 * minor; 0 when unknown.</param>
/// <param name="Devices">GPUs that this process may use.</param>
/// <param name="Name">Name of the first; empty for none.</param>
/// <remarks>Source: CUDA driver API, cuInit, cuDriverGetVersion, cuDeviceGetCount, cuDeviceGetName.</remarks>
internal sealed unsafe record CudaDriver(string? Fault, int Version, int Devices, string Name)
{
    private const int NameBytes = 128, NoDevice = 100;

    /// <summary>Asks the driver of this machine.</summary>
    public static CudaDriver Ask()
    {
        string library = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(library, out nint driver))
            return new CudaDriver($"no NVIDIA driver ({library} cannot be loaded)", 0, 0, "");
        // It stays loaded: the provider needs it too, and a driver that was started must not be unloaded.
        return NativeLibrary.TryGetExport(driver, "cuInit", out nint init) && NativeLibrary.TryGetExport(driver, "cuDriverGetVersion", out nint version)
            && NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out nint count) && NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out nint name)
            ? Ask((init, version), (count, name))
            : new CudaDriver($"a {library} that is no driver of CUDA", 0, 0, "");
    }

    private static CudaDriver Ask((nint Init, nint Version) driver, (nint Count, nint Name) devices)
    {
        int version = 0, count = 0;
        _ = ((delegate* unmanaged<int*, int>)driver.Version)(&version);
        int started = ((delegate* unmanaged<uint, int>)driver.Init)(0);
        if (started == NoDevice)
            return new CudaDriver(null, version, 0, "");
        if (started != 0)
            return new CudaDriver($"an NVIDIA driver that does not start (cuInit gives {started})", version, 0, "");
        if (((delegate* unmanaged<int*, int>)devices.Count)(&count) != 0 || count == 0)
            return new CudaDriver(null, version, 0, "");
        byte* text = stackalloc byte[NameBytes];
        string name = ((delegate* unmanaged<byte*, int, int, int>)devices.Name)(text, NameBytes, SessionSettings.CudaDevice) == 0
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)) : "a GPU";
        return new CudaDriver(null, version, count, name);
    }
}
