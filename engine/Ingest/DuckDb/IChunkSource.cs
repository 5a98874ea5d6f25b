using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Rows of ours that a query pulls, chunk by chunk.</summary>
internal interface IChunkSource
{
    /// <summary>The columns of every chunk.</summary>
    Schema Schema { get; }

    /// <summary>Fills a chunk; called by DuckDB's threads, by one at a time.</summary>
    /// <returns>Rows filled; 0 ends the query's reading.</returns>
    int Fill(nint chunk, int room);
}
