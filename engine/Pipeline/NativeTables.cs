using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Table files for those who stand outside the flow: the world generator writes through it, <c>churn doctor</c> asks for its version.</summary>
public sealed class NativeTables(JobBudget budget) : IDisposable
{
    private readonly IngestSession _session = new(new IngestOptions { Budget = budget });

    /// <summary>Version of DuckDB's native library.</summary>
    public static string LibraryVersion => IngestSession.LibraryVersion;

    /// <summary>Version of SQLite's native library, which the online feature store is written and read by.</summary>
    public static string SqliteVersion => Features.OnlineStore.LibraryVersion;

    /// <summary>Opens a Parquet file for writing.</summary>
    public IBatchSink OpenParquet(string path, Schema schema) => _session.OpenParquet(path, schema);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
