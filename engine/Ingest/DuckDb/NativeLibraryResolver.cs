using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Finds libduckdb beside the engine also where the host does not look, as in a project that loads the engine as a plug-in.</summary>
internal static class NativeLibraryResolver
{
#pragma warning disable CA2255 // The one place to say where the library is, before any of its functions is called.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "duckdb")
            return 0;
        string file = OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        return File.Exists(beside) && NativeLibrary.TryLoad(beside, out nint handle) ? handle
            : NativeLibrary.TryLoad("duckdb", assembly, search, out handle) ? handle : 0;
    }
}
