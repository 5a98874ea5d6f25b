using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Ingest.Reading;
using ChurnEngine.Ingest.Writing;

namespace ChurnEngine.Ingest;

/// <summary>Reads and writes tables: files in, validated batches out, and back into Parquet.</summary>
/// <remarks>Several tables may be read and written at the same time, also by several threads; one enumeration or sink belongs to one thread.
/// Memory: DuckDB may hold half of the budget, the other half is the engine's; it spills to the system's temporary folder.</remarks>
public sealed class IngestSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<TableReport> _reports = [];
    private readonly DuckDbDatabase _readers;
    private DuckDbDatabase? _single;

    /// <summary>Starts a session within the budget of <paramref name="options"/>.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when DuckDB's native library cannot be loaded.</remarks>
    public IngestSession(IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _readers = new DuckDbDatabase(options.Budget.Threads, options.Budget.MemoryBytes / 2);
        BatchTableFunction.Register(_readers);
    }

    /// <summary>Version of DuckDB's native library.</summary>
    public static string LibraryVersion
    {
        get
        {
            using var database = new DuckDbDatabase(threads: 1, memoryBytes: 64L << 20);
            using DuckDbConnection connection = database.Connect();
            return connection.QueryText("SELECT version()")[0][0]!;
        }
    }

    /// <summary>The options it runs under.</summary>
    public IngestOptions Options { get; }

    /// <summary>One report a table that was read to its end, in that order.</summary>
    public IReadOnlyList<TableReport> Reports
    {
        get
        {
            lock (_lock)
                return [.. _reports];
        }
    }

    /// <summary>Names and types of a table's columns as found in its files, named as <see cref="TableSource.Columns"/> says.</summary>
    /// <param name="source">The table. Of text formats the first million rows are looked at, by the same rules as <see cref="Read"/> converts by.</param>
    /// <returns>Columns by first appearance, then those stated by folders. A type that the engine lacks becomes the nearest: decimals and
    /// 128-bit integers Float64, unsigned integers Int64, all else Utf8.</returns>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a file is missing, empty or damaged.</remarks>
    public IReadOnlyList<Field> Describe(TableSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using DuckDbConnection connection = _readers.Connect();
        return TableDescription.Of(source, connection);
    }

    /// <summary>The files behind a table, in the order they are read.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when there is none, or one cannot be read.</remarks>
    public IReadOnlyList<string> ListFiles(TableSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using DuckDbConnection connection = _readers.Connect();
        return [.. Files.SourceFiles.Resolve(source, connection).Select(file => file.Path)];
    }

    /// <summary>How large a table is, without reading its rows.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a file is missing, empty, or damaged where this looks.</remarks>
    public TableSize Measure(TableSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using DuckDbConnection connection = _readers.Connect();
        return TableMeasure.Of(source, connection);
    }

    /// <summary>Streams a table's valid rows, in file order; files by ordinal order of their paths. The caller disposes each batch.</summary>
    /// <param name="source">The table.</param>
    /// <param name="contract">Columns wanted, in their order. Text converts to the type asked; blank, NaN, NA, null and \N are missing where
    /// a number, a truth or a time is asked, as is a floating-point NaN; an infinity is a bad cell.</param>
    /// <param name="cancellation">Interrupts the query that runs.</param>
    /// <returns>Batches of at most a few thousand rows, none empty.</returns>
    /// <remarks>A row with a bad cell leaves the stream and is listed in the quarantine file; of rows with the same key the first good one stays.
    /// Errors: <see cref="ChurnDataException"/> when a file or required column is missing, when there is no row, and when more than
    /// <see cref="IngestOptions.BadShareLimit"/> of the rows are bad: at the end, or after 10,000 rows when far more are.</remarks>
    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(contract);
        return Stream(source, contract, cancellation);
    }

    /// <summary>Opens a Parquet file for writing.</summary>
    /// <param name="path">Final path. The file is written as <c>.name.partial</c> beside it, and flushed and renamed by
    /// <see cref="IBatchSink.Complete"/>; without that, nothing is left.</param>
    /// <param name="schema">Columns of every batch to come. Timestamps are written as instants in UTC.</param>
    /// <remarks>The bytes depend on the rows alone, not on how batches cut them. Memory: one row group of 122,880 rows.
    /// Errors: <see cref="ChurnConfigException"/> when the file cannot be written.</remarks>
    public IBatchSink OpenParquet(string path, Schema schema) => Open(path, schema, CopySink.Parquet);

    /// <summary>Opens a CSV file for writing: comma, a header, UTF-8 without a mark, numbers in the shortest form that reads back the same, times in ISO 8601
    /// and UTC with six decimals, nothing for a null.</summary>
    /// <param name="path">Final path; written as that of <see cref="OpenParquet"/>.</param>
    /// <param name="schema">Columns of every batch to come.</param>
    /// <remarks>The bytes depend on the rows alone. Errors: <see cref="ChurnConfigException"/> when the file cannot be written.</remarks>
    public IBatchSink OpenCsv(string path, Schema schema) => Open(path, schema, CopySink.Csv);

    private CopySink Open(string path, Schema schema, string form)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(schema);
        return new CopySink(path, schema, Single(), form);
    }

    // Runs each query on the thread that asks. Writers want it so that a file's bytes are the same each time; readers of parts of a file do because they
    // already are as many as there are threads: two of them took twice as long on a pool of two threads as one after the other.
    private DuckDbDatabase Single()
    {
        lock (_lock)
        {
            if (_single is null)
            {
                _single = new DuckDbDatabase(threads: 1, Options.Budget.MemoryBytes / 2);
                BatchTableFunction.Register(_single);
            }
            return _single;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _readers.Dispose();
        _single?.Dispose();
    }

    private IEnumerable<RecordBatch> Stream(TableSource source, TableContract contract, CancellationToken cancellation)
    {
        using var scan = new TableScan(source, contract, Options, source.Rows is null ? _readers : Single());
        foreach (RecordBatch batch in scan.Run(cancellation))
            yield return batch;
        lock (_lock)
            _reports.Add(scan.Report);
    }
}
