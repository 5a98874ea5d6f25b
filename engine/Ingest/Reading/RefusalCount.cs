using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Counts a table's rows and bad cells, and stops the job when too many rows are refused.</summary>
internal sealed class RefusalCount(string table, TableContract contract, double limit)
{
    // Before the end of the table only a share far above the limit stops: bad rows may stand together at its beginning.
    private const long EarlyRows = 10_000;
    private const double FarOver = 5;
    private readonly ColumnTally[] _columns = [.. contract.Columns.Select(_ => new ColumnTally())];

    /// <summary>Rows seen, bad ones included.</summary>
    public long Read { get; private set; }

    /// <summary>Bad rows among them.</summary>
    public long Refused { get; private set; }

    /// <summary>Counts one batch.</summary>
    public void AddBatch(int rows, BatchFaults faults)
    {
        Read += rows;
        Refused += faults.BadRows;
    }

    /// <summary>Counts lines that never became rows of a batch.</summary>
    public void AddLines(int lines)
    {
        Read += lines;
        Refused += lines;
    }

    /// <summary>Notes a bad cell of a column, as the file has it.</summary>
    public void NoteBad(int column, BadCell cell)
    {
        if (column < 0 || cell.Reason is Reasons.NoValue or Reasons.DuplicateKey)
            return;
        _columns[column].Bad++;
        _columns[column].First ??= cell;
    }

    /// <summary>Notes how many cells of a column had a value that converted.</summary>
    public void NoteGood(int column, int cells) => _columns[column].Good += cells;

    /// <summary>Throws when the share is far over the limit already.</summary>
    public void CheckEarly(QuarantineFile quarantine)
    {
        if (Read >= EarlyRows && Refused > FarOver * limit * Read)
            throw Failure(quarantine);
    }

    /// <summary>Throws when the share is over the limit.</summary>
    public void CheckAtEnd(QuarantineFile quarantine)
    {
        if (Refused > limit * Read)
            throw Failure(quarantine);
    }

    private ChurnDataException Failure(QuarantineFile quarantine)
    {
        quarantine.Complete();
        int wrong = Array.FindIndex(_columns, column => column.Bad > 0 && column.Good == 0);
        return wrong >= 0
            ? IngestErrors.WrongType(table, contract.Columns[wrong].Name, contract.Columns[wrong].Type, _columns[wrong].First!)
            : IngestErrors.TooManyBadRows(table, Refused, Read, limit, quarantine.First!, quarantine.WrittenPath);
    }

    private sealed class ColumnTally
    {
        public long Bad;
        public long Good;
        public BadCell? First;
    }
}
