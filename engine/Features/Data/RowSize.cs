namespace ChurnEngine.Features;

/// <summary>What one row of a table takes, by the columns that a plan looks at. Rows that nothing looks at take nothing, and values of a small range fewer bytes, so this is the most.</summary>
/// <param name="Grouped">Bytes once grouped by customer, 8 and up.</param>
/// <param name="Loaded">Bytes while read: the customer's code besides. What is compared with half of the job's memory.</param>
/// <param name="Spilled">Bytes in the file when it does not fit: as read, the customer's number, and grouped.</param>
/// <param name="KeepsAllRows">Whether every row is kept: then it is not only the most.</param>
public sealed record RowSize(int Grouped, int Loaded, int Spilled, bool KeepsAllRows)
{
    private const int CodeBytes = sizeof(long), NumberBytes = sizeof(int);

    internal static RowSize Of(TableLayout layout)
    {
        int row = new StoreShape(layout, layout.Table.Known is not null).RowBytes;
        return new RowSize(row, row + CodeBytes, row + CodeBytes + NumberBytes + row, layout.KeepsAllRows);
    }
}
