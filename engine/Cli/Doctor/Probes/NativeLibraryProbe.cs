using ChurnEngine.Columns;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli.Doctor;

/// <summary>The native libraries, by loading and asking them.</summary>
internal sealed class NativeLibraryProbe : IProbe
{
    public string Topic => "native libraries";

    public Need Serves => Need.DuckDb | Need.OnnxRuntime;

    public IEnumerable<Finding> Look()
    {
        yield return Ask("native.duckdb", "DuckDB", Need.DuckDb, "libduckdb.so", () => NativeTables.LibraryVersion);
        yield return AskSqlite();
        Finding runtime = Ask("native.onnxruntime", "ONNX Runtime", Need.OnnxRuntime, "libonnxruntime.so", () => OnnxModelBackend.RuntimeVersion);
        yield return runtime;
        if (runtime.Standing == Standing.Good)
        {
            yield return new Finding("native.execution_providers", "its execution providers", Standing.Note, string.Join(", ", OnnxModelBackend.ExecutionProviders))
            {
                Details = new Dictionary<string, object> { ["providers"] = OnnxModelBackend.ExecutionProviders },
            };
        }
    }

    // No verb as a whole needs it: only the online feature store is read and written by it.
    private static Finding AskSqlite()
    {
        try
        {
            return new Finding("native.sqlite", "SQLite", Standing.Good, NativeTables.SqliteVersion);
        }
        catch (ChurnException absent)
        {
            return new Finding("native.sqlite", "SQLite", Standing.Warning, $"{absent.Message}: {absent.Actual.Split('\n')[0]}") { Hint = "needed by `churn features publish` and `get` alone; copy the whole output folder, with `runtimes` in it" };
        }
    }

    private static Finding Ask(string id, string what, Need need, string file, Func<string> version)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        try
        {
            return new Finding(id, what, Standing.Good, $"{version()}{(File.Exists(beside) ? $", {beside}" : "")}") { Needs = need };
        }
        catch (Exception fault) when (fault is ChurnException or DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            string reason = File.Exists(beside) ? $"{beside} cannot be loaded: {fault.GetBaseException().Message.Split('\n')[0]}" : $"{beside} is not there";
            return new Finding(id, what, Standing.Missing, reason) { Needs = need, Hint = "build again with npm at hand (or with -p:Packages=nuget), or copy the whole output folder" };
        }
    }
}
