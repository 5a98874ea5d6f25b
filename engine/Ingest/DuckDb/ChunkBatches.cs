using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Puts the chunks of a result, of 2,048 rows at most, together to batches of a few times as many, which cost a few times less to pass on.</summary>
/// <remarks>Memory: the rows of one batch.</remarks>
internal sealed class ChunkBatches : IDisposable
{
    private const int Capacity = 1 << 13, MostTextBytes = 64 << 20;
    private readonly Schema _schema;
    private readonly ChunkColumn[] _columns;
    private readonly int _chunkRows = (int)TableFunctionMethods.duckdb_vector_size();
    private int _rows;

    private ChunkBatches(Schema schema, ChunkColumn[] columns) => (_schema, _columns) = (schema, columns);

    /// <summary>True when a chunk may not fit any more.</summary>
    public bool IsFull => _rows + _chunkRows > Capacity || _columns.Sum(column => (long)column.TextBytes) > MostTextBytes;

    public bool IsEmpty => _rows == 0;

    /// <summary>Batches of a schema; null when some column comes in a layout that is not read here.</summary>
    /// <param name="schema">What the result is in our types.</param>
    /// <param name="types">DuckDB's types, as numbered in duckdb.h.</param>
    public static ChunkBatches? TryMake(Schema schema, int[] types)
    {
        ChunkColumn?[] columns = [.. schema.Fields.Select((field, i) => ChunkColumn.For(field.Type, types[i], Capacity))];
        return columns.Contains(null) ? null : new ChunkBatches(schema, columns!);
    }

    public void Append(nint chunk)
    {
        int rows = (int)TableFunctionMethods.duckdb_data_chunk_get_size(chunk);
        for (int i = 0; i < _columns.Length; i++)
            _columns[i].Append(TableFunctionMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i), rows);
        _rows += rows;
    }

    /// <summary>Hands over what was appended; the caller disposes it.</summary>
    public RecordBatch Take()
    {
        var batch = new RecordBatch(_schema, [.. _columns.Select(column => column.Take())], _rows);
        _rows = 0;
        return batch;
    }

    public void Dispose()
    {
        foreach (ChunkColumn column in _columns)
            column.Dispose();
    }
}
