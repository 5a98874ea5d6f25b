namespace ChurnEngine.Ingest;

/// <summary>What came of reading one table.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="RowsRead">Rows found in its files, bad ones included.</param>
/// <param name="RowsRefused">Rows that broke the contract; they are not among the batches.</param>
/// <param name="QuarantineFile">Where the bad cells are listed; null when there is none.</param>
/// <param name="MissingOptionalColumns">Columns that the contract allows to be absent and that are; they came as nulls.</param>
public sealed record TableReport(string Table, long RowsRead, long RowsRefused, string? QuarantineFile, IReadOnlyList<string> MissingOptionalColumns)
{
    /// <summary>Where the first refused row stands, and why it was refused; null when none was.</summary>
    public string? FirstRefusal { get; init; }
}
