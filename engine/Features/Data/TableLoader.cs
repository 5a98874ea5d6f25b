using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Turns the batches of one table into columns of a <see cref="TableStore"/>; kinds and conditions become class codes on the way.</summary>
internal sealed class TableLoader : IDisposable
{
    // The years 1 to 9999, which the calendar of every report can write.
    private const long FirstMicro = -62_135_596_800_000_000, LastMicro = 253_402_300_799_999_999;
    private readonly TableLayout _layout;
    private readonly TableColumns _columns;
    private readonly CustomerIndex _customers;
    private readonly Utf8Index _kinds = new();
    private readonly Utf8Index[] _texts;
    private readonly bool[] _kindSeen;
    private readonly double[] _powers;
    private readonly int[] _conditionColumns;
    private readonly int[] _measureColumns;
    private int[] _ids = [];
    private int[] _codes = [];
    private int[] _kept = [];
    private int[] _labels = [];
    private ushort[] _classes = [];
    private long[] _instants = [];
    private long[] _known = [];
    private long[] _fixed = [];
    private readonly (long Count, string First)[] _texted;
    private readonly bool[] _hasNumber;
    private double[][] _numbers;

    public TableLoader(TableLayout layout, TableColumns columns, CustomerIndex customers)
    {
        (_layout, _columns, _customers) = (layout, columns, customers);
        foreach (string kind in layout.Kinds)
            _kinds.GetOrAdd(kind);
        _kindSeen = new bool[layout.Kinds.Length];
        _texts = [.. layout.TextColumns.Select(_ => new Utf8Index())];
        _numbers = [.. layout.NumericColumns.Select(_ => Array.Empty<double>())];
        _texted = new (long, string)[layout.NumericColumns.Count];
        _hasNumber = new bool[layout.NumericColumns.Count];
        _powers = [.. layout.Measures.Select(m => Math.Pow(10, m.Scale))];
        string[] names = [.. layout.NumericColumns];
        _conditionColumns = [.. layout.Conditions.Select(c => Array.IndexOf(names, c.Column))];
        _measureColumns = [.. layout.Measures.Select(m => Array.IndexOf(names, m.Column))];
        Rows = new TableStore(layout, columns.KnownIndex >= 0);
        LabelRows = layout.FirstLabelKind <= layout.Kinds.Length ? new TableStore(null, columns.KnownIndex >= 0) : null;
    }

    public TableStore Rows { get; }

    /// <summary>Rows of the label's kinds, kept apart so that no feature can see them; null when the label has none here.</summary>
    public TableStore? LabelRows { get; }

    public long RowsRead { get; private set; }
    public long BlankKeys { get; private set; }

    /// <summary>Instant after which no row should be known, microseconds; none by default.</summary>
    public long ExtractAt { get; init; } = long.MaxValue;

    /// <summary>Rows known only after <see cref="ExtractAt"/>.</summary>
    public long AfterExtract { get; private set; }

    public long LatestInstant { get; private set; } = long.MinValue;
    public long FirstInstant { get; private set; } = long.MaxValue;
    public long LastKnown { get; private set; } = long.MinValue;
    public long LongestLateness { get; private set; }

    /// <summary>Kinds that the plan names and no row has, with the other kinds that do occur.</summary>
    public (IEnumerable<string> Absent, IEnumerable<string> Others) Kinds() =>
        (_layout.Kinds.Where((_, i) => !_kindSeen[i]), Enumerable.Range(_layout.Kinds.Length, _kinds.Count - _layout.Kinds.Length).Select(_kinds.TextOf));

    /// <summary>One sentence for each column that holds texts where numbers are wanted.</summary>
    public IEnumerable<string> UnreadableNumbers() =>
        from column in Enumerable.Range(0, _texted.Length)
        where _texted[column].Count > 0
        select $"{_texted[column].Count} {(_texted[column].Count == 1 ? "value" : "values")} of column '{_layout.NumericColumns[column]}' taken as missing, neither blank nor a number; the first is '{_texted[column].First}'";

    public void Append(RecordBatch batch)
    {
        int rows = batch.Length;
        Resize(rows);
        RowsRead += rows;
        _customers.Map(batch.Columns[0], _ids.AsSpan(0, rows));
        ReadInstants(batch, rows);
        for (int i = 0; i < _numbers.Length; i++)
            ReadNumbers(batch, i, rows);
        ReadKinds(batch, rows);
        (int kept, int labels) = Choose(rows);
        Store(batch, _kept.AsSpan(0, kept));
        if (LabelRows is not null)
            StoreInstants(LabelRows, _labels.AsSpan(0, labels));
    }

    /// <summary>Refuses a column of numbers that turned out to hold texts only; a few texts among numbers are missing values.</summary>
    public void RequireNumbers()
    {
        for (int column = 0; column < _texted.Length; column++)
        {
            if (_texted[column].Count > 0 && !_hasNumber[column])
                throw FeaturesErrors.NotNumeric((_layout.Table.Name, _layout.Table.Source?.Path ?? ""), _layout.NumericColumns[column], _texted[column]);
        }
    }

    /// <summary>The distinct texts of each text column in ordinal order; rewrites the codes to match.</summary>
    public string[][] SortTexts()
    {
        string[][] sorted = new string[_texts.Length][];
        for (int column = 0; column < _texts.Length; column++)
        {
            string[] values = [.. Enumerable.Range(0, _texts[column].Count).Select(_texts[column].TextOf)];
            int[] order = [.. Enumerable.Range(0, values.Length)];
            Array.Sort(order, (a, b) => string.CompareOrdinal(values[a], values[b]));
            int[] rank = new int[values.Length];
            for (int i = 0; i < order.Length; i++)
                rank[order[i]] = i;
            for (int chunk = 0; chunk < Rows.Texts[column].ChunkCount; chunk++)
            {
                foreach (ref int code in Rows.Texts[column].Chunk(chunk))
                    code = code < 0 ? -1 : rank[code];
            }
            sorted[column] = [.. order.Select(i => values[i])];
        }
        return sorted;
    }

    /// <summary>Frees what only loading needs; the stores stay with whoever took them.</summary>
    public void Dispose()
    {
        _kinds.Dispose();
        foreach (Utf8Index text in _texts)
            text.Dispose();
    }

    private void ReadInstants(RecordBatch batch, int rows)
    {
        if (_columns.InstantIndex < 0)
        {
            _instants.AsSpan(0, rows).Fill(long.MinValue);
            return;
        }
        Scale(batch, _columns.InstantIndex, _instants.AsSpan(0, rows));
        if (_columns.KnownIndex >= 0)
            Scale(batch, _columns.KnownIndex, _known.AsSpan(0, rows));
        ReadOnlySpan<long> knownAt = (_columns.KnownIndex >= 0 ? _known : _instants).AsSpan(0, rows);
        foreach (long instant in knownAt)
        {
            LatestInstant = Math.Max(LatestInstant, instant);
            AfterExtract += instant > ExtractAt ? 1 : 0;
        }
        if (_layout.Table.Time is null)
            return;
        for (int row = 0; row < rows; row++)
        {
            long known = _columns.KnownIndex >= 0 ? _known[row] : _instants[row];
            FirstInstant = Math.Min(FirstInstant, _instants[row]);
            LastKnown = Math.Max(LastKnown, known);
            LongestLateness = Math.Max(LongestLateness, known - _instants[row]);
        }
    }

    private void Scale(RecordBatch batch, int column, Span<long> into)
    {
        ((PrimitiveColumn<long>)batch.Columns[column]).Values.CopyTo(into);
        if (_columns.MicrosPerUnit == 1)
            return;
        foreach (ref long instant in into)
        {
            if (instant < FirstMicro / _columns.MicrosPerUnit || instant > LastMicro / _columns.MicrosPerUnit)
                throw FeaturesErrors.InstantOutOfRange(_layout.Table.Name, instant);
            instant *= _columns.MicrosPerUnit;
        }
    }

    private void ReadNumbers(RecordBatch batch, int column, int rows)
    {
        Span<double> values = _numbers[column].AsSpan(0, rows);
        (long unreadable, string first) = NumberCells.Read(batch.Columns[_columns.Numbers[column]], values);
        if (unreadable > 0)
            _texted[column] = (_texted[column].Count + unreadable, _texted[column].Count > 0 ? _texted[column].First : first);
        foreach (double value in values)
        {
            _hasNumber[column] |= !double.IsNaN(value);
            if (double.IsInfinity(value))
                throw FeaturesErrors.NotFinite(_layout.Table.Name, _layout.NumericColumns[column]);
        }
    }

    private void ReadKinds(RecordBatch batch, int rows)
    {
        Span<int> codes = _codes.AsSpan(0, rows);
        if (_columns.KindIndex < 0 || _layout.Kinds.Length == 0)
        {
            codes.Clear();
            return;
        }
        TextCells.Map(batch.Columns[_columns.KindIndex], _kinds, codes);
        foreach (ref int code in codes)
        {
            code = code < 0 || code >= _layout.Kinds.Length ? 0 : code + 1;
            if (code > 0)
                _kindSeen[code - 1] = true;
        }
    }

    private (int Kept, int Labels) Choose(int rows)
    {
        int kept = 0, labels = 0, conditions = _layout.Conditions.Length;
        for (int row = 0; row < rows; row++)
        {
            if (_ids[row] < 0)
            {
                BlankKeys++;
                continue;
            }
            if (_codes[row] >= _layout.FirstLabelKind)
            {
                _labels[labels++] = row;
                continue;
            }
            int rowClass = _codes[row] << conditions;
            for (int i = 0; i < conditions; i++)
                rowClass |= _layout.Conditions[i].Holds(_numbers[_conditionColumns[i]][row]) ? 1 << i : 0;
            _classes[row] = (ushort)rowClass;
            if (_layout.KeepsAllRows || _layout.SelectorsByClass[rowClass].Length > 0)
                _kept[kept++] = row;
        }
        return (kept, labels);
    }

    private void Store(RecordBatch batch, ReadOnlySpan<int> kept)
    {
        StoreInstants(Rows, kept);
        Rows.Class?.AppendGather(_classes, kept);
        for (int i = 0; i < Rows.Measures.Length; i++)
            Rows.Measures[i].AppendGather(FixedPoint(i, batch.Length), kept);
        for (int i = 0; i < Rows.Numbers.Length; i++)
            Rows.Numbers[i].AppendGather(_numbers[_layout.LatestNumbers[i]], kept);
        for (int i = 0; i < Rows.Texts.Length; i++)
        {
            TextCells.Map(batch.Columns[_columns.Texts[i]], _texts[i], _codes.AsSpan(0, batch.Length));
            Rows.Texts[i].AppendGather(_codes, kept);
        }
    }

    private void StoreInstants(TableStore store, ReadOnlySpan<int> rows)
    {
        store.Customer.AppendGather(_ids, rows);
        store.Time.AppendGather(_instants, rows);
        store.Known?.AppendGather(_known, rows);
    }

    private long[] FixedPoint(int measure, int rows)
    {
        double[] values = _numbers[_measureColumns[measure]];
        for (int row = 0; row < rows; row++)
        {
            double scaled = Math.Round(values[row] * _powers[measure]);
            if (Math.Abs(scaled) > 9.2e18)
                throw FeaturesErrors.SumOverflow(_layout.Table.Name, _layout.Measures[measure].Column, _layout.Measures[measure].Scale, values[row]);
            _fixed[row] = double.IsNaN(scaled) ? long.MinValue : (long)scaled;
        }
        return _fixed;
    }

    private void Resize(int rows)
    {
        if (_ids.Length >= rows)
            return;
        _ids = new int[rows];
        _codes = new int[rows];
        _kept = new int[rows];
        _labels = new int[rows];
        _classes = new ushort[rows];
        _instants = new long[rows];
        _known = new long[rows];
        _fixed = new long[rows];
        _numbers = [.. _numbers.Select(_ => new double[rows])];
    }
}
