using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Writing;

/// <summary>Passes batches from the thread that writes them to the query that pulls them, one at a time: the batch stays the writer's, who
/// waits until its rows were copied.</summary>
internal sealed class BatchHandoff(Schema schema) : IChunkSource
{
    private readonly object _gate = new();
    private RecordBatch? _current;
    private int _row;
    private bool _finished;
    private bool _abandoned;
    private bool _queryEnded;

    /// <summary>Columns of every batch.</summary>
    public Schema Schema => schema;

    /// <summary>Hands a batch over and waits; false when the query has ended before taking all of it.</summary>
    public bool Offer(RecordBatch batch)
    {
        lock (_gate)
        {
            _current = batch;
            _row = 0;
            Monitor.PulseAll(_gate);
            while (_current is not null && !_queryEnded)
                Monitor.Wait(_gate);
            _current = null;
            return !_queryEnded;
        }
    }

    /// <summary>Says that no batch follows.</summary>
    public void Finish(bool abandon)
    {
        lock (_gate)
        {
            _finished = true;
            _abandoned = abandon;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Says that the query has ended, for whatever reason; nobody waits any more.</summary>
    public void EndQuery()
    {
        lock (_gate)
        {
            _queryEnded = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Fills a chunk to the brim, from as many batches as it takes, so that chunks do not depend on how batches are cut.</summary>
    /// <returns>Rows filled; less than the room only at the end.</returns>
    /// <remarks>Errors: <see cref="OperationCanceledException"/> when the writer gave up.</remarks>
    public int Fill(nint chunk, int room)
    {
        int filled = 0;
        lock (_gate)
        {
            while (filled < room)
            {
                while (_current is null && !_finished)
                    Monitor.Wait(_gate);
                if (_abandoned)
                    throw new OperationCanceledException("the writer gave up");
                if (_current is null)
                    break;
                int rows = Math.Min(room - filled, _current.Length - _row);
                for (int i = 0; i < _current.Columns.Count; i++)
                    ChunkVector.Write(_current.Columns[i], _row, rows, TableFunctionMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i), filled);
                _row += rows;
                filled += rows;
                if (_row < _current.Length)
                    continue;
                _current = null;
                Monitor.PulseAll(_gate);
            }
        }
        return filled;
    }
}
