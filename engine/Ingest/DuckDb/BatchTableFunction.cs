using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>The table function <c>churn_batches(id)</c>, through which a query pulls the rows of an <see cref="IChunkSource"/>.</summary>
internal static unsafe class BatchTableFunction
{
    private const string Name = "churn_batches";
    private static readonly ConcurrentDictionary<long, IChunkSource> s_published = new();
    private static long s_lastId;

    /// <summary>Makes the function known to a new database.</summary>
    public static void Register(DuckDbDatabase database)
    {
        using DuckDbConnection connection = database.Connect();
        nint function = TableFunctionMethods.duckdb_create_table_function();
        nint bigint = NativeMethods.duckdb_create_logical_type(ChunkVector.TypeOf(ColumnType.Int64));
        try
        {
            TableFunctionMethods.duckdb_table_function_set_name(function, Name);
            TableFunctionMethods.duckdb_table_function_add_parameter(function, bigint);
            TableFunctionMethods.duckdb_table_function_set_bind(function, &Bind);
            TableFunctionMethods.duckdb_table_function_set_init(function, &Start);
            TableFunctionMethods.duckdb_table_function_set_function(function, &Fill);
            if (TableFunctionMethods.duckdb_register_table_function(connection.Handle, function) != 0)
                throw new DuckDbException("the table function for batches was refused");
        }
        finally
        {
            NativeMethods.duckdb_destroy_logical_type(ref bigint);
            TableFunctionMethods.duckdb_destroy_table_function(ref function);
        }
    }

    /// <summary>An id that no other source has or had.</summary>
    public static long NewId() => Interlocked.Increment(ref s_lastId);

    /// <summary>The FROM clause that pulls from the source of that id.</summary>
    public static string From(long id) => $"{Name}({id}::BIGINT)";

    /// <summary>Makes a source known to queries.</summary>
    public static void Publish(long id, IChunkSource source) => s_published[id] = source;

    /// <summary>Forgets a source whose query has ended.</summary>
    public static void Withdraw(long id) => s_published.TryRemove(id, out _);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        nint parameter = TableFunctionMethods.duckdb_bind_get_parameter(info, 0);
        long id = TableFunctionMethods.duckdb_get_int64(parameter);
        TableFunctionMethods.duckdb_destroy_value(ref parameter);
        if (!s_published.TryGetValue(id, out IChunkSource? source))
        {
            TableFunctionMethods.duckdb_bind_set_error(info, "no such batches");
            return;
        }
        foreach (Field field in source.Schema.Fields)
        {
            nint type = NativeMethods.duckdb_create_logical_type(ChunkVector.TypeOf(field.Type));
            TableFunctionMethods.duckdb_bind_add_result_column(info, field.Name, type);
            NativeMethods.duckdb_destroy_logical_type(ref type);
        }
        // The id itself stands where a pointer would; there is nothing to destroy.
        TableFunctionMethods.duckdb_bind_set_bind_data(info, (nint)id, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Start(nint info)
    {
        // DuckDB asks for this function; there is nothing to prepare.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        // No exception may leave into native code.
        try
        {
            IChunkSource source = s_published[TableFunctionMethods.duckdb_function_get_bind_data(info)];
            int rows = source.Fill(chunk, (int)TableFunctionMethods.duckdb_vector_size());
            TableFunctionMethods.duckdb_data_chunk_set_size(chunk, (ulong)rows);
        }
        catch (Exception failure)
        {
            TableFunctionMethods.duckdb_function_set_error(info, failure.Message);
        }
    }
}
