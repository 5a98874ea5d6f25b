using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What a pass over one column of a plain table tells: enough to decide whether it is a feature, and of which kind.</summary>
internal sealed class ColumnProfile(Field fileColumn) : IDisposable
{
    /// <summary>Share of the texts that must be numbers for the column to be numeric.</summary>
    private const double NumericShare = 0.95;
    private const int FewLevels = 50;
    private readonly Utf8Index _texts = new();
    private readonly List<long> _rowsByText = [];
    private double[] _numbers = [];
    private int[] _ids = [];
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;
    private long _present;
    private long _numeric;
    private long _rows;

    public string Name => fileColumn.Name;

    /// <summary>Type under which to ask for the column.</summary>
    public ColumnType ReadAs => fileColumn.Type.IsText() ? ColumnType.Utf8 : fileColumn.Type;

    /// <summary>Distinct texts and their rows, in order of appearance; for columns read as text.</summary>
    public IEnumerable<(string Value, long Rows)> Values => Enumerable.Range(0, _texts.Count).Select(i => (_texts.TextOf(i), _rowsByText[i]));

    public long Missing => _rows - _present;

    /// <summary>Takes a batch in as numbers.</summary>
    public void AddNumbers(Column column)
    {
        _rows += column.Length;
        foreach (double value in Numbers(column))
            Add(value);
    }

    /// <summary>Takes a batch in as texts, and as numbers where they are.</summary>
    public void AddTexts(Column column)
    {
        _rows += column.Length;
        if (_ids.Length < column.Length)
            _ids = new int[column.Length];
        Span<int> ids = _ids.AsSpan(0, column.Length);
        TextCells.Map(column, _texts, ids);
        while (_rowsByText.Count < _texts.Count)
            _rowsByText.Add(0);
        ReadOnlySpan<double> numbers = Numbers(column);
        for (int row = 0; row < ids.Length; row++)
        {
            if (ids[row] < 0)
                continue;
            _present++;
            _rowsByText[ids[row]]++;
            if (!double.IsNaN(numbers[row]))
                Add(numbers[row]);
        }
    }

    /// <summary>Decides; a reason says why a column is left out, or what was assumed.</summary>
    public (Aggregate? Use, string Note) Decide()
    {
        if (fileColumn.Type.IsText())
            return DecideText();
        if (!fileColumn.Type.IsNumeric() && fileColumn.Type != ColumnType.Boolean)
            return (null, $"column '{Name}' holds instants and was left out; a churn.yaml can use them");
        if (_numeric == 0)
            return (null, $"column '{Name}' is empty and was left out");
        return _least == _greatest && _numeric == _rows ? Constant() : (Aggregate.Latest, "");
    }

    public void Dispose() => _texts.Dispose();

    private (Aggregate? Use, string Note) DecideText()
    {
        if (_present == 0)
            return (null, $"column '{Name}' is empty and was left out");
        if (_texts.Count == 1 && _present == _rows)
            return Constant();
        if (_numeric >= NumericShare * _present)
        {
            long missing = _rows - _numeric;
            return (Aggregate.Latest, missing == 0 ? "" : $"column '{Name}' is text, mostly numbers: taken as numeric, {missing} values as missing");
        }
        return _texts.Count > FewLevels && 2L * _texts.Count > _present
            ? (null, $"column '{Name}' has {_texts.Count} different texts in {_present} rows, like an identifier, and was left out")
            : (Aggregate.Category, "");
    }

    private (Aggregate? Use, string Note) Constant() => (null, $"column '{Name}' is constant and was left out");

    private ReadOnlySpan<double> Numbers(Column column)
    {
        if (_numbers.Length < column.Length)
            _numbers = new double[column.Length];
        Span<double> numbers = _numbers.AsSpan(0, column.Length);
        if (fileColumn.Type.IsNumeric() || fileColumn.Type.IsText() || fileColumn.Type == ColumnType.Boolean)
            NumberCells.Read(column, numbers);
        else
            numbers.Fill(double.NaN);
        return numbers;
    }

    private void Add(double value)
    {
        if (double.IsNaN(value))
            return;
        _numeric++;
        _least = Math.Min(_least, value);
        _greatest = Math.Max(_greatest, value);
    }
}
