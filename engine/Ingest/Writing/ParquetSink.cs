using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Writing;

/// <summary>Writes one Parquet file: a COPY on a thread of its own pulls the batches as they are written, so that no more than one row
/// group is held.</summary>
internal sealed class ParquetSink : IBatchSink
{
    private readonly string _path;
    private readonly string _partialPath;
    private readonly BatchHandoff _handoff;
    private readonly Thread _copy;
    private Exception? _failure;
    private bool _closed;

    public ParquetSink(string path, Schema schema, DuckDbDatabase database)
    {
        _path = Path.GetFullPath(path);
        _partialPath = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.partial");
        _handoff = new BatchHandoff(schema);
        CreatePartial();
        _copy = new Thread(() => Copy(database)) { IsBackground = true, Name = "parquet " + Path.GetFileName(_path) };
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
            using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(_partialPath, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(file);
            File.Move(_partialPath, _path, overwrite: true);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            File.Delete(_partialPath);
            throw IngestErrors.CannotWrite(_path, broken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_closed)
            End(abandon: true);
    }

    private void CreatePartial()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            if (Directory.Exists(_path))
                throw new IOException("it is a folder");
            File.Create(_partialPath).Dispose();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw IngestErrors.CannotWrite(_path, broken);
        }
    }

    private void End(bool abandon)
    {
        _closed = true;
        _handoff.Finish(abandon);
        _copy.Join();
        if (abandon || _failure is not null)
            File.Delete(_partialPath);
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
            connection.Execute($"COPY (SELECT * FROM {BatchTableFunction.From(id)}) TO {SqlText.Literal(_partialPath)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)");
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
