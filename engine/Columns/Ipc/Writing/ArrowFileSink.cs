namespace ChurnEngine.Columns;

/// <summary>Writes one Arrow file batch by batch, and lets its name show only the whole.</summary>
internal sealed class ArrowFileSink : IBatchSink
{
    private readonly PendingFile _file;
    private readonly ArrowFileWriter _writer;

    public ArrowFileSink(string path, Schema schema)
    {
        _file = PendingFile.Create(path);
        _writer = new ArrowFileWriter(_file.Stream, schema, leaveOpen: true);
    }

    public void Write(RecordBatch batch) => _writer.Write(batch);

    public void Complete()
    {
        _writer.Complete();
        _file.Publish();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }
}
