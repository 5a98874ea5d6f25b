namespace ChurnEngine.Ingest.Conversion;

/// <summary>The bad cells of one batch, in the order they were found.</summary>
internal sealed class BatchFaults
{
    private readonly List<Fault> _cells = [];
    private bool[] _isBad = [];
    private int _rows;

    /// <summary>One bad cell.</summary>
    /// <param name="Row">0-based in the batch.</param>
    /// <param name="Column">Position in the contract, or -1 for the line as a whole.</param>
    /// <param name="Value">What stood there.</param>
    /// <param name="Reason">Why it is refused.</param>
    public readonly record struct Fault(int Row, int Column, string Value, string Reason);

    /// <summary>Rows with at least one bad cell.</summary>
    public int BadRows { get; private set; }

    /// <summary>The cells ordered by row, then as found.</summary>
    public IEnumerable<Fault> InRowOrder => _cells.OrderBy(cell => cell.Row);

    /// <summary>Forgets all, for a batch of <paramref name="rows"/> rows.</summary>
    public void Reset(int rows)
    {
        _rows = rows;
        if (_cells.Count == 0)
            return;
        _cells.Clear();
        BadRows = 0;
        Array.Clear(_isBad);
    }

    /// <summary>Notes a bad cell.</summary>
    public void Add(int row, int column, string value, string reason)
    {
        if (_isBad.Length < _rows)
            Array.Resize(ref _isBad, _rows);
        if (!_isBad[row])
            BadRows++;
        _isBad[row] = true;
        _cells.Add(new Fault(row, column, value, reason));
    }

    /// <summary>Cells noted so far.</summary>
    public int Count => _cells.Count;

    /// <summary>Notes the rows of a column without a value, null or blank, where each must have one.</summary>
    /// <param name="column">As converted: a cell that is bad already is null in it.</param>
    /// <param name="columnIndex">Position in the contract.</param>
    /// <param name="mark"><see cref="Count"/> before the column was converted: the cells from there on are its own, by ascending row.</param>
    public void AddMissing(Columns.Column column, int columnIndex, int mark)
    {
        // A key of blanks identifies nobody.
        var text = column as Columns.Utf8Column;
        if (column.NullCount == 0 && text is null)
            return;
        int end = _cells.Count;
        for (int row = 0; row < column.Length; row++)
        {
            while (mark < end && _cells[mark].Row < row)
                mark++;
            bool isNoted = mark < end && _cells[mark].Row == row;
            if (!isNoted && (column.IsNull(row) || text is not null && MissingText.Trim(text.GetBytes(row)).IsEmpty))
                Add(row, columnIndex, "", Reasons.NoValue);
        }
    }

    /// <summary>True when the row has a bad cell.</summary>
    public bool IsBad(int row) => BadRows != 0 && _isBad[row];

    /// <summary>The rows without one, ascending.</summary>
    public int[] GoodRows() => [.. Enumerable.Range(0, _rows).Where(row => !IsBad(row))];
}
