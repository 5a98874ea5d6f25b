namespace ChurnEngine.Columns;

/// <summary>Writes one Arrow file batch by batch, and lets its name show only the whole.</summary>
internal sealed class ArrowFileSink : IBatchSink
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private readonly ArrowFileWriter _writer;
    private bool _completed;

    public ArrowFileSink(string path, Schema schema)
    {
        _path = path;
        _temporary = path + AtomicFile.TemporarySuffix;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        _writer = new ArrowFileWriter(_stream, schema, leaveOpen: true);
    }

    public void Write(RecordBatch batch) => _writer.Write(batch);

    public void Complete()
    {
        _writer.Complete();
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _completed = true;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
        if (!_completed)
            File.Delete(_temporary);
    }
}
