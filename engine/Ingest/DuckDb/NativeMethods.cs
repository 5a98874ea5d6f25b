using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>The part of DuckDB's C API that the engine calls. A state of 0 is success.</summary>
/// <remarks>Source: duckdb.h of DuckDB 1.5.</remarks>
internal static unsafe partial class NativeMethods
{
    private const string Library = "duckdb";

    [LibraryImport(Library)]
    internal static partial int duckdb_create_config(out nint config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_set_config(nint config, string name, string option);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_config(ref nint config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_open_ext(string path, out DatabaseHandle database, nint config, out byte* error);

    [LibraryImport(Library)]
    internal static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    internal static partial int duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_interrupt(ConnectionHandle connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_free(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_query(ConnectionHandle connection, string sql, ResultHandle result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_prepare(ConnectionHandle connection, string sql, out StatementHandle statement);

    [LibraryImport(Library)]
    internal static partial byte* duckdb_prepare_error(StatementHandle statement);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_prepare(ref nint statement);

    [LibraryImport(Library)]
    internal static partial int duckdb_execute_prepared_streaming(StatementHandle statement, ResultHandle result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_result(nint result);

    [LibraryImport(Library)]
    internal static partial byte* duckdb_result_error(ResultHandle result);

    [LibraryImport(Library)]
    internal static partial int duckdb_result_error_type(ResultHandle result);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_column_count(ResultHandle result);

    [LibraryImport(Library)]
    internal static partial byte* duckdb_column_name(ResultHandle result, ulong column);

    [LibraryImport(Library)]
    internal static partial nint duckdb_column_logical_type(ResultHandle result, ulong column);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_logical_type(int type);

    [LibraryImport(Library)]
    internal static partial int duckdb_get_type_id(nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_logical_type(ref nint type);

    [LibraryImport(Library)]
    internal static partial ArrowOptionsHandle duckdb_result_get_arrow_options(ResultHandle result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_arrow_options(ref nint options);

    [LibraryImport(Library)]
    internal static partial nint duckdb_to_arrow_schema(ArrowOptionsHandle options, nint* types, byte** names, ulong columns, ArrowCSchema* schema);

    [LibraryImport(Library)]
    internal static partial ChunkHandle duckdb_fetch_chunk(ResultStruct result);

    [LibraryImport(Library)]
    internal static partial nint duckdb_data_chunk_to_arrow(ArrowOptionsHandle options, ChunkHandle chunk, ArrowCArray* array);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_data_chunk(ref nint chunk);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool duckdb_error_data_has_error(nint error);

    [LibraryImport(Library)]
    internal static partial byte* duckdb_error_data_message(nint error);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_error_data(ref nint error);
}

/// <summary>The C struct <c>duckdb_result</c>; only its address and its copy by value matter here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ResultStruct
{
    private readonly ulong _columnCount;
    private readonly ulong _rowCount;
    private readonly ulong _rowsChanged;
    private readonly void* _columns;
    private readonly byte* _errorMessage;
    private readonly void* _internalData;
}
