using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>A transaction of a database that takes scores: what <see cref="DatabasePartOutput"/> asks of one.</summary>
/// <remarks>Values are long, string or null. Errors: the database's own exceptions, which its output turns into the engine's.</remarks>
internal interface ISqlTransaction
{
    /// <summary>Runs a statement; parameters are $1, $2.</summary>
    void Execute(string sql, params IReadOnlyList<object?> values);

    /// <summary>Runs a query of few rows: whole numbers as long, texts as string.</summary>
    IReadOnlyList<object?[]> Query(string sql, params IReadOnlyList<object?> values);

    /// <summary>Columns of a table or view in its order, with the type that the database says; empty when there is none of that name.</summary>
    IReadOnlyList<(string Name, string Type)> ColumnsOf(string table);

    /// <summary>Waits until nobody else sets up or ends jobs of these tables; held to the end of the transaction.</summary>
    void Lock(string table);

    /// <summary>Inserts the rows of a part, numbered by their place.</summary>
    /// <returns>SHA-256 of the rows (<see cref="RowEncoding"/>).</returns>
    string Insert(long job, int part, RecordBatch batch);

    /// <summary>The hash that <see cref="Insert"/> gave, made of the rows that are there.</summary>
    string Hash(long job, int part);
}
