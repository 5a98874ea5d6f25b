using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Runs statements, one at a time; interrupting is the only call allowed from another thread.</summary>
/// <param name="handle">The open connection.</param>
/// <param name="spillDirectory">Where its database spills to.</param>
internal sealed unsafe class DuckDbConnection(ConnectionHandle handle, string spillDirectory) : IDisposable
{
    /// <summary>Folder for what does not fit into memory; may not exist yet, and is removed with the database.</summary>
    public string SpillDirectory => spillDirectory;

    /// <summary>The handle, for the calls that register functions.</summary>
    public ConnectionHandle Handle => handle;

    /// <summary>Runs a statement to its end and forgets the result.</summary>
    /// <remarks>Errors: <see cref="DuckDbException"/>.</remarks>
    public void Execute(string sql)
    {
        using var result = new ResultHandle();
        if (NativeMethods.duckdb_query(handle, sql, result) != 0)
            throw new DuckDbException(ErrorOf(result));
    }

    /// <summary>Streams the rows of a query as batches, which the caller disposes; nothing is held whole.</summary>
    /// <remarks>Errors: <see cref="DuckDbException"/>; <see cref="OperationCanceledException"/> soon after <paramref name="cancellation"/>.</remarks>
    public IEnumerable<RecordBatch> Stream(string sql, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Handles, not pointers, live across the yields: whoever stops early releases them through `using`.
        using CancellationTokenRegistration interrupt = cancellation.Register(Interrupt);
        using StatementHandle statement = Prepare(sql);
        using var result = new ResultHandle();
        if (NativeMethods.duckdb_execute_prepared_streaming(statement, result) != 0)
            throw Failure(ErrorOf(result), cancellation);
        using ArrowOptionsHandle options = NativeMethods.duckdb_result_get_arrow_options(result);
        (Schema schema, int[] types) = SchemaOf(result, options);
        using ChunkBatches? gathered = ChunkBatches.TryMake(schema, types);
        while (true)
        {
            using ChunkHandle chunk = NativeMethods.duckdb_fetch_chunk(result.Value);
            cancellation.ThrowIfCancellationRequested();
            if (chunk.IsInvalid)
                break;
            if (gathered is null)
            {
                yield return ToBatch(chunk, options, schema);
                continue;
            }
            gathered.Append(chunk.DangerousGetHandle());
            if (gathered.IsFull)
                yield return gathered.Take();
        }
        if (gathered is { IsEmpty: false })
            yield return gathered.Take();
        string error = ErrorOf(result);
        if (error.Length > 0)
            throw Failure(error, cancellation);
    }

    /// <summary>All rows of a small query of text columns.</summary>
    public List<string?[]> QueryText(string sql, CancellationToken cancellation = default)
    {
        var rows = new List<string?[]>();
        foreach (RecordBatch batch in Stream(sql, cancellation))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    rows.Add([.. batch.Columns.Select(column => ((Utf8Column)column).GetString(row))]);
            }
        }
        return rows;
    }

    /// <summary>Makes a running statement fail soon. Thread-safe.</summary>
    public void Interrupt()
    {
        try
        {
            NativeMethods.duckdb_interrupt(handle);
        }
        catch (ObjectDisposedException)
        {
            // Nothing runs any more.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private StatementHandle Prepare(string sql)
    {
        if (NativeMethods.duckdb_prepare(handle, sql, out StatementHandle statement) == 0)
            return statement;
        string message = Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_prepare_error(statement)) ?? "";
        statement.Dispose();
        throw new DuckDbException(message);
    }

    private static (Schema, int[] Types) SchemaOf(ResultHandle result, ArrowOptionsHandle options)
    {
        int count = (int)NativeMethods.duckdb_column_count(result);
        nint* types = stackalloc nint[count];
        byte** names = stackalloc byte*[count];
        int[] ids = new int[count];
        ArrowCSchema schema = default;
        try
        {
            for (int i = 0; i < count; i++)
            {
                types[i] = NativeMethods.duckdb_column_logical_type(result, (ulong)i);
                ids[i] = NativeMethods.duckdb_get_type_id(types[i]);
                names[i] = NativeMethods.duckdb_column_name(result, (ulong)i);
            }
            ThrowIfError(NativeMethods.duckdb_to_arrow_schema(options, types, names, (ulong)count, &schema));
            return (ArrowSchemaImport.Read(&schema), ids);
        }
        finally
        {
            for (int i = 0; i < count; i++)
                NativeMethods.duckdb_destroy_logical_type(ref types[i]);
            ArrowCSchema.ReleaseOnce(&schema);
        }
    }

    private static RecordBatch ToBatch(ChunkHandle chunk, ArrowOptionsHandle options, Schema schema)
    {
        ArrowCArray array = default;
        try
        {
            ThrowIfError(NativeMethods.duckdb_data_chunk_to_arrow(options, chunk, &array));
            return ArrowBatchImport.Take(&array, schema);
        }
        finally
        {
            ArrowCArray.ReleaseOnce(&array);
        }
    }

    private static void ThrowIfError(nint error)
    {
        if (error == 0)
            return;
        try
        {
            if (NativeMethods.duckdb_error_data_has_error(error))
                throw new DuckDbException(Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_error_data_message(error)) ?? "");
        }
        finally
        {
            NativeMethods.duckdb_destroy_error_data(ref error);
        }
    }

    private static string ErrorOf(ResultHandle result) => Marshal.PtrToStringUTF8((nint)NativeMethods.duckdb_result_error(result)) ?? "";

    private static Exception Failure(string error, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : new DuckDbException(error);
}
