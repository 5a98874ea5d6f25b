using ChurnEngine.Columns;

namespace ChurnEngine.Ingest;

/// <summary>Reads and writes tables: files in, validated batches out, and back into Parquet.</summary>
public sealed class IngestSession : IDisposable
{
    private readonly List<TableReport> _reports = [];

    /// <summary>Starts a session within the budget of <paramref name="options"/>.</summary>
    public IngestSession(IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
    }

    /// <summary>The options it runs under.</summary>
    public IngestOptions Options { get; }

    /// <summary>One report a table that was read to its end, in that order.</summary>
    public IReadOnlyList<TableReport> Reports => _reports;

    /// <summary>Names and types of a table's columns as found in its files, named as <see cref="TableSource.Columns"/> says.</summary>
    public IReadOnlyList<Field> Describe(TableSource source) => throw new NotSupportedException("being built");

    /// <summary>Streams a table's valid rows, in file order. The caller disposes each batch.</summary>
    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation) => throw new NotSupportedException("being built");

    /// <summary>Opens a Parquet file for writing.</summary>
    public IBatchSink OpenParquet(string path, Schema schema) => throw new NotSupportedException("being built");

    /// <inheritdoc/>
    public void Dispose() => _reports.Clear();
}
