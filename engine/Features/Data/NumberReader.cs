using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Reads the numeric columns of a table's batches: as they are for conditions and values, in fixed point for sums.</summary>
internal sealed class NumberReader
{
    private const double Largest = 9.2e18;
    private readonly TableLayout _layout;
    private readonly TableColumns _columns;
    private readonly double[] _powers;
    private readonly int[] _measureColumns;
    private readonly int[] _keptColumns;
    private readonly (long Count, long Sequence, string First)[] _texted;
    private readonly bool[] _hasNumber;
    private double[][] _numbers;
    private double[] _days = [];
    private long[] _fixed = [];
    private RecordBatch? _batch;
    private InstantReader? _instants;

    public NumberReader(TableLayout layout, TableColumns columns)
    {
        (_layout, _columns) = (layout, columns);
        _numbers = [.. layout.NumericColumns.Select(_ => Array.Empty<double>())];
        _texted = new (long, long, string)[layout.NumericColumns.Count];
        _hasNumber = new bool[layout.NumericColumns.Count];
        _powers = [.. layout.Measures.Select(m => Math.Pow(10, m.Scale))];
        _measureColumns = [.. layout.Measures.Select(m => IndexOf(m.Column))];
        _keptColumns = [.. layout.KeptNumbers.Select(n => n.IsInstant ? -1 : IndexOf(n.Column))];
    }

    /// <summary>For each numeric column, how many texts were no numbers, the first of them and its batch; and whether any number was there.</summary>
    public IReadOnlyList<(long Count, long Sequence, string First)> Texted => _texted;

    public IReadOnlyList<bool> HasNumber => _hasNumber;

    public void Read(RecordBatch batch, long sequence, InstantReader instants)
    {
        int rows = batch.Length;
        (_batch, _instants) = (batch, instants);
        if (_fixed.Length < rows)
        {
            (_fixed, _days) = (new long[rows], new double[rows]);
            _numbers = [.. _numbers.Select(_ => new double[rows])];
        }
        for (int column = 0; column < _numbers.Length; column++)
        {
            Span<double> values = _numbers[column].AsSpan(0, rows);
            (long unreadable, string first) = NumberCells.Read(batch.Columns[_columns.Numbers[column]], values);
            if (unreadable > 0)
                _texted[column] = _texted[column].Count > 0 ? _texted[column] with { Count = _texted[column].Count + unreadable } : (unreadable, sequence, first);
            (bool hasNumber, bool hasInfinite) = (false, false);
            foreach (ref double value in values)
            {
                // -0 becomes 0: columns of whole numbers know no other, and which form a column takes depends on its other rows.
                value += 0.0;
                hasNumber |= !double.IsNaN(value);
                hasInfinite |= double.IsInfinity(value);
            }
            _hasNumber[column] |= hasNumber;
            if (hasInfinite)
                throw FeaturesErrors.NotFinite(_layout.Table.Name, _layout.NumericColumns[column]);
            instants.BlankBefore(_layout.NumericColumns[column], values, double.NaN);
        }
    }

    /// <summary>Values of a numeric column of the layout.</summary>
    public ReadOnlySpan<double> Values(string column, int rows) => _numbers[IndexOf(column)].AsSpan(0, rows);

    /// <summary>Values of a kept number: as they are, or days since 1970 of an instant.</summary>
    public ReadOnlySpan<double> Kept(int kept, int rows)
    {
        if (_keptColumns[kept] >= 0)
            return _numbers[_keptColumns[kept]].AsSpan(0, rows);
        Column column = _batch!.Columns[_columns.Instants[kept]];
        ReadOnlySpan<long> micros = ((PrimitiveColumn<long>)column).Values;
        Span<double> days = _days.AsSpan(0, rows);
        for (int row = 0; row < rows; row++)
            days[row] = column.IsNull(row) ? double.NaN : micros[row] * (double)_columns.MicrosPerUnit / Duration.Day;
        _instants!.BlankBefore(_layout.KeptNumbers[kept].Column, days, double.NaN);
        return days;
    }

    /// <summary>Values of a measure times ten to its scale, rounded; missing is <see cref="long.MinValue"/>.</summary>
    /// <remarks>Errors: a value that does not fit 64 bits.</remarks>
    public ReadOnlySpan<long> FixedPoint(int measure, int rows)
    {
        ReadOnlySpan<double> values = _numbers[_measureColumns[measure]].AsSpan(0, rows);
        Span<long> whole = _fixed.AsSpan(0, rows);
        double power = _powers[measure], largest = 0;
        for (int row = 0; row < values.Length; row++)
        {
            double scaled = Math.Round(values[row] * power);
            if (double.IsNaN(scaled))
            {
                whole[row] = long.MinValue;
                continue;
            }
            // A branch that is taken a few times costs less than the greater of two numbers that may be NaN.
            if (Math.Abs(scaled) > largest)
                largest = Math.Abs(scaled);
            whole[row] = (long)scaled;
        }
        if (largest > Largest)
            throw Overflow(measure, values, power);
        return whole;
    }

    private ChurnDataException Overflow(int measure, ReadOnlySpan<double> values, double power)
    {
        int first = 0;
        while (!(Math.Abs(Math.Round(values[first] * power)) > Largest))
            first++;
        return FeaturesErrors.SumOverflow(_layout.Table.Name, _layout.Measures[measure].Column, _layout.Measures[measure].Scale, values[first]);
    }

    private int IndexOf(string column)
    {
        for (int i = 0; i < _layout.NumericColumns.Count; i++)
        {
            if (_layout.NumericColumns[i] == column)
                return i;
        }
        return -1;
    }
}
