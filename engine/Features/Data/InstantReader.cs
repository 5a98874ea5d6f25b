using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Reads when rows happened and when they became known, and notes how far the table reaches.</summary>
internal sealed class InstantReader(PlanTable table, TableColumns columns, long extractAt)
{
    // The years 1 to 9999, which the calendar of every report can write.
    private const long FirstMicro = -62_135_596_800_000_000, LastMicro = 253_402_300_799_999_999;
    private long[] _instants = [];
    private long[] _known = [];
    private long[] _late = [];
    private int _rows;

    public long AfterExtract { get; private set; }
    public long Latest { get; private set; } = long.MinValue;
    public long First { get; private set; } = long.MaxValue;
    public long LastKnown { get; private set; } = long.MinValue;
    public long LongestLateness { get; private set; }

    public ReadOnlySpan<long> Time(int rows) => _instants.AsSpan(0, rows);

    /// <summary>Known minus time of each row, which wraps around where there is no time.</summary>
    public ReadOnlySpan<long> Late(int rows) => _late.AsSpan(0, rows);

    public void Read(RecordBatch batch)
    {
        _rows = batch.Length;
        if (_instants.Length < _rows)
            (_instants, _known, _late) = (new long[_rows], new long[_rows], new long[_rows]);
        if (columns.InstantIndex < 0)
        {
            _instants.AsSpan(0, _rows).Fill(long.MinValue);
            // Known since 1970, as far as this tells.
            _late.AsSpan(0, _rows).Fill(long.MinValue);
            return;
        }
        Scale(batch, columns.InstantIndex, _instants.AsSpan(0, _rows));
        if (columns.KnownIndex >= 0)
            Scale(batch, columns.KnownIndex, _known.AsSpan(0, _rows));
        Note(_instants.AsSpan(0, _rows), columns.KnownIndex >= 0 ? _known.AsSpan(0, _rows) : _instants.AsSpan(0, _rows), _late.AsSpan(0, _rows));
    }

    /// <summary>Blanks the values of a column that appeared later, in rows from before.</summary>
    public void BlankBefore<T>(string column, Span<T> values, T blank)
    {
        if (table.Since.Count == 0 || !table.Since.TryGetValue(column, out long since))
            return;
        for (int row = 0; row < values.Length; row++)
        {
            if (_instants[row] < since)
                values[row] = blank;
        }
    }

    /// <summary>Clears a bit in rows from before a column appeared.</summary>
    public void BlankBits(string column, Span<ulong> words, ulong bit)
    {
        if (table.Since.Count == 0 || !table.Since.TryGetValue(column, out long since))
            return;
        for (int row = 0; row < words.Length; row++)
            words[row] &= _instants[row] < since ? ~bit : ulong.MaxValue;
    }

    /// <summary>Takes in what another loader of the table noted.</summary>
    public void Add(InstantReader other)
    {
        AfterExtract += other.AfterExtract;
        Latest = Math.Max(Latest, other.Latest);
        First = Math.Min(First, other.First);
        LastKnown = Math.Max(LastKnown, other.LastKnown);
        LongestLateness = Math.Max(LongestLateness, other.LongestLateness);
    }

    private void Note(ReadOnlySpan<long> instants, ReadOnlySpan<long> known, Span<long> lateness)
    {
        (long first, long last, long late) = (long.MaxValue, long.MinValue, 0);
        for (int row = 0; row < instants.Length; row++)
        {
            first = Math.Min(first, instants[row]);
            last = Math.Max(last, known[row]);
            lateness[row] = known[row] - instants[row];
            late = Math.Max(late, lateness[row]);
        }
        Latest = Math.Max(Latest, last);
        if (last > extractAt)
        {
            foreach (long instant in known)
                AfterExtract += instant > extractAt ? 1 : 0;
        }
        if (table.Time is null)
            return;
        First = Math.Min(First, first);
        LastKnown = Math.Max(LastKnown, last);
        LongestLateness = Math.Max(LongestLateness, late);
    }

    private void Scale(RecordBatch batch, int column, Span<long> into)
    {
        ((PrimitiveColumn<long>)batch.Columns[column]).Values.CopyTo(into);
        if (columns.MicrosPerUnit == 1)
            return;
        foreach (ref long instant in into)
        {
            if (instant < FirstMicro / columns.MicrosPerUnit || instant > LastMicro / columns.MicrosPerUnit)
                throw FeaturesErrors.InstantOutOfRange(table.Name, instant);
            instant *= columns.MicrosPerUnit;
        }
    }
}
