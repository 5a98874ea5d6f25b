namespace ChurnEngine.Columns;

/// <summary>A place that takes record batches: a file being written, a database table, a pipe.</summary>
/// <remarks>Stages write through it, so that they know no file format; Ingest has the formats.</remarks>
public interface IBatchSink : IDisposable
{
    /// <summary>Appends a batch, which stays the caller's.</summary>
    void Write(RecordBatch batch);

    /// <summary>Makes what was written durable. Disposing without it leaves nothing behind.</summary>
    void Complete();
}

/// <summary>Opens a sink for a file path and a schema.</summary>
/// <param name="path">Final path; the sink writes under a temporary name beside it and renames in <see cref="IBatchSink.Complete"/>.</param>
/// <param name="schema">Columns of every batch to come.</param>
public delegate IBatchSink OpenBatchSink(string path, Schema schema);
