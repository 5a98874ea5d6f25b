using System.Globalization;
using System.Runtime.InteropServices;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>An in-memory database of its own threads, memory limit and spill folder.</summary>
internal sealed unsafe class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;
    private readonly SpillFolder _spill = new();

    /// <summary>Opens it.</summary>
    /// <param name="threads">1 and up.</param>
    /// <param name="memoryBytes">What DuckDB may hold before it spills to disk.</param>
    public DuckDbDatabase(int threads, long memoryBytes)
    {
        string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        try
        {
            _handle = Open(new Dictionary<string, string>
            {
                ["threads"] = Number(threads),
                ["memory_limit"] = Number(memoryBytes) + "B",
                ["temp_directory"] = _spill.Path,
                ["preserve_insertion_order"] = "true",
                // All that is needed is linked in; a job must not reach for the network.
                ["autoinstall_known_extensions"] = "false",
                ["autoload_known_extensions"] = "false",
            });
        }
        catch
        {
            _spill.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection, whose times are UTC.</summary>
    public DuckDbConnection Connect()
    {
        if (NativeMethods.duckdb_connect(_handle, out ConnectionHandle handle) != 0)
        {
            handle.Dispose();
            throw new DuckDbException("a connection could not be opened");
        }
        var connection = new DuckDbConnection(handle, _spill.Path);
        try
        {
            connection.Execute("SET TimeZone = 'UTC'");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _spill.Dispose();
    }

    private static DatabaseHandle Open(Dictionary<string, string> settings)
    {
        nint config = 0;
        try
        {
            if (NativeMethods.duckdb_create_config(out config) != 0)
                throw new DuckDbException("no configuration could be made");
            foreach ((string name, string value) in settings)
            {
                if (NativeMethods.duckdb_set_config(config, name, value) != 0)
                    throw new DuckDbException($"setting {name} = {value} was refused");
            }
            if (NativeMethods.duckdb_open_ext(":memory:", out DatabaseHandle handle, config, out byte* error) == 0)
                return handle;
            string message = Marshal.PtrToStringUTF8((nint)error) ?? "the database could not be opened";
            NativeMethods.duckdb_free(error);
            handle.Dispose();
            throw new DuckDbException(message);
        }
        catch (DllNotFoundException missing)
        {
            throw IngestErrors.NativeLibraryMissing(missing);
        }
        finally
        {
            if (config != 0)
                NativeMethods.duckdb_destroy_config(ref config);
        }
    }
}
