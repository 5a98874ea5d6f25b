using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Writing;

/// <summary>Writes one file by DuckDB: a COPY on a thread of its own pulls the batches as they are written, so that no more than one row
/// group is held.</summary>
internal sealed class CopySink : IBatchSink
{
    /// <summary>How Parquet is written.</summary>
    public const string Parquet = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880";

    /// <summary>How CSV is written: what two commas have nothing between is null, and "" is a text of no sign.</summary>
    public const string Csv = "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ'";

    private readonly string _path;
    private readonly string _form;
    private readonly PendingFile _file;
    private readonly BatchHandoff _handoff;
    private readonly Thread _copy;
    private Exception? _failure;
    private bool _closed;

    /// <param name="path">Final path.</param>
    /// <param name="schema">Columns of every batch.</param>
    /// <param name="database">Runs the COPY.</param>
    /// <param name="form">Options of the COPY: <see cref="Parquet"/> or <see cref="Csv"/>.</param>
    public CopySink(string path, Schema schema, DuckDbDatabase database, string form)
    {
        _form = form;
        _path = Path.GetFullPath(path);
        _handoff = new BatchHandoff(schema);
        _file = CreateFile(_path);
        _copy = new Thread(() => Copy(database)) { IsBackground = true, Name = "write " + Path.GetFileName(_path) };
        _copy.Start();
    }

    /// <inheritdoc/>
    public void Write(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_closed, this);
        // Whether nulls may occur says nothing about the layout.
        if (!batch.Schema.Fields.Select(f => (f.Name, f.Type)).SequenceEqual(_handoff.Schema.Fields.Select(f => (f.Name, f.Type))))
            throw new ArgumentException("the batch has another schema", nameof(batch));
        if (batch.Length > 0 && !_handoff.Offer(batch))
            throw Failure();
    }

    /// <inheritdoc/>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        End(abandon: false);
        if (_failure is not null)
            throw Failure();
        try
        {
            _file.Publish();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw IngestErrors.CannotWrite(_path, broken);
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_closed)
            End(abandon: true);
    }

    private static PendingFile CreateFile(string path)
    {
        try
        {
            return PendingFile.Create(path);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw IngestErrors.CannotWrite(path, broken);
        }
    }

    private void End(bool abandon)
    {
        _closed = true;
        _handoff.Finish(abandon);
        _copy.Join();
        if (abandon || _failure is not null)
            _file.Dispose();
    }

    private ChurnConfigException Failure()
    {
        if (!_closed)
            End(abandon: true);
        return IngestErrors.CannotWrite(_path, _failure ?? new IOException("the writer stopped"));
    }

    private void Copy(DuckDbDatabase database)
    {
        long id = BatchTableFunction.NewId();
        BatchTableFunction.Publish(id, _handoff);
        try
        {
            using DuckDbConnection connection = database.Connect();
            connection.Execute($"COPY (SELECT * FROM {BatchTableFunction.From(id)}) TO {SqlText.Literal(_file.HiddenPath)} ({_form}, USE_TMP_FILE false)");
        }
        catch (Exception failure)
        {
            // Told to the writer, on its own thread.
            _failure = failure;
        }
        finally
        {
            BatchTableFunction.Withdraw(id);
            _handoff.EndQuery();
        }
    }
}
