namespace ChurnEngine.Ingest.DuckDb;

/// <summary>What DuckDB says went wrong; the stages above turn it into an error that names the file.</summary>
internal sealed class DuckDbException(string message) : Exception(message)
{
    /// <summary>The first line, without the caret drawing that shows a place in our own SQL.</summary>
    public string FirstLine => Message.Split('\n', 2)[0].Trim();
}
