using System.Runtime.ExceptionServices;
using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Feeds the batches of an Arrow file to the query that converts them, so that its columns are cast by the very rules that Parquet's are.</summary>
/// <remarks>Memory: one batch of the file, as its writer cut it.</remarks>
internal sealed class ArrowFeed : IChunkSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly long _id;
    private readonly IEnumerator<RecordBatch> _batches;
    private readonly int[] _places;
    private RecordBatch? _current;
    private int _row;
    private Exception? _failure;

    /// <summary>Publishes the file's columns <paramref name="wanted"/>; nothing is read yet.</summary>
    public ArrowFeed(ArrowLayout layout, IReadOnlyList<FileColumn> wanted)
    {
        _id = layout.Id;
        HashSet<string> names = [.. wanted.Select(column => column.Name)];
        _batches = ArrowFile.Read(layout.File.Path, names).GetEnumerator();
        _places = new int[wanted.Count];
        Wanted = wanted;
        // Rows are counted also where no column is asked for, and a query needs a column.
        Schema = wanted.Count == 0 ? new Schema(new Field("none", ColumnType.Boolean)) : new Schema([.. wanted.Select(column => new Field(column.Sql, ArrowLayout.TypeOf(column)))]);
        BatchTableFunction.Publish(_id, this);
    }

    /// <inheritdoc/>
    public Schema Schema { get; }

    private IReadOnlyList<FileColumn> Wanted { get; }

    /// <summary>Runs a step of the query; what broke in here is thrown as it was, not as the query retold it.</summary>
    public bool Guarded(Func<bool> moveNext)
    {
        try
        {
            return moveNext();
        }
        catch (DuckDbException) when (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public int Fill(nint chunk, int room)
    {
        lock (_gate)
        {
            try
            {
                int filled = 0;
                while (filled < room && (_row < _current?.Length || Advance()))
                    filled += Copy(chunk, filled, room);
                return filled;
            }
            catch (Exception failure)
            {
                _failure = failure;
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        BatchTableFunction.Withdraw(_id);
        lock (_gate)
        {
            _current?.Dispose();
            _current = null;
            _batches.Dispose();
        }
    }

    private bool Advance()
    {
        _current?.Dispose();
        _current = null;
        if (!_batches.MoveNext())
            return false;
        (_current, _row) = (_batches.Current, 0);
        for (int i = 0; i < _places.Length; i++)
            _places[i] = _current.Schema.IndexOf(Wanted[i].Name);
        return true;
    }

    private int Copy(nint chunk, int filled, int room)
    {
        int rows = Math.Min(room - filled, _current!.Length - _row);
        for (int i = 0; i < _places.Length; i++)
            ChunkVector.Write(_current.Columns[_places[i]], _row, rows, TableFunctionMethods.duckdb_data_chunk_get_vector(chunk, (ulong)i), filled);
        _row += rows;
        return rows;
    }
}
