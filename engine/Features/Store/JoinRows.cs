using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>The rows of a join: which date serves each, and which have found their features.</summary>
internal sealed class JoinRows
{
    private const long None = long.MinValue;
    private const string Unknown = "unknown customer: no date of the store has this key", NotAtRisk = "not at risk as of the date: not signed up yet, or gone", NoDate = "no date of the store serves this instant";
    private readonly string[] _keys;
    private readonly long[] _instants;
    private readonly long[] _dates;
    private readonly bool[] _found;
    private readonly bool[] _known;
    // Rows of one date by key: the first row, and from each row the next of the same key.
    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal);
    private readonly int[] _next;

    public JoinRows(Table pairs, string key)
    {
        Count = checked((int)pairs.RowCount);
        (_keys, _instants, _dates, _found, _known, _next) = (new string[Count], new long[Count], new long[Count], new bool[Count], new bool[Count], new int[Count]);
        int row = 0;
        foreach (RecordBatch batch in pairs.Batches)
        {
            for (int i = 0; i < batch.Length; i++)
                _keys[row++] = TextOf(batch[key], i);
        }
        Pairs = pairs;
    }

    public int Count { get; }

    public int Found { get; private set; }

    private Table Pairs { get; }

    /// <summary>Chooses a date of the store for each row.</summary>
    public void Choose(IReadOnlyList<long> dates, JoinRequest request, string folder)
    {
        long[] ascending = [.. dates];
        var missing = new SortedSet<long>();
        int row = 0;
        foreach (RecordBatch batch in Pairs.Batches)
        {
            foreach (long instant in batch.Values<long>(request.TimeColumn))
            {
                int index = Array.BinarySearch(ascending, instant);
                if (index < 0 && request.At == JoinDate.Exact)
                    missing.Add(instant);
                int at = index >= 0 ? index : ~index - 1;
                bool serves = at >= 0 && instant - ascending[at] <= request.MaxAgeMicros;
                (_instants[row], _dates[row]) = (instant, serves ? ascending[at] : None);
                row++;
            }
        }
        if (missing.Count > 0)
            throw StoreErrors.NoSuchDate(folder, [.. missing], ascending);
    }

    /// <summary>The dates that serve a row, ascending.</summary>
    public long[] DatesUsed() => [.. _dates.Where(date => date != None).Distinct().Order()];

    /// <summary>Rows that no date serves.</summary>
    public int WithoutDate => _dates.Count(date => date == None);

    /// <summary>Makes the rows of one date ready to be found by key.</summary>
    public void Index(long date)
    {
        _first.Clear();
        for (int row = Count - 1; row >= 0; row--)
        {
            if (_dates[row] != date)
                continue;
            _next[row] = _first.TryGetValue(_keys[row], out int later) ? later : -1;
            _first[_keys[row]] = row;
        }
    }

    /// <summary>Gives the rows of the indexed date what a batch of it holds for them.</summary>
    public void Fill(RecordBatch batch, JoinedFeatures features)
    {
        for (int from = 0; from < batch.Length; from++)
        {
            if (!_first.TryGetValue(TextOf(batch.Columns[0], from), out int row))
                continue;
            for (; row >= 0; row = _next[row])
            {
                features.Set(row, batch, from);
                Found += _found[row] ? 0 : 1;
                _found[row] = true;
            }
        }
    }

    /// <summary>Looks through all dates of the store for the customers without features, and counts why each row has none.</summary>
    public (long Unknown, long NotAtRisk, long NoDate) Judge(OfflineStore store, IngestSession session, CancellationToken cancellation)
    {
        var sought = new HashSet<string>(Enumerable.Range(0, Count).Where(row => !_found[row] && _dates[row] != None).Select(row => _keys[row]), StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var keyOnly = new TableContract { Columns = [new ColumnContract(store.Manifest.Entity, store.Manifest.KeyType, NotNull: true)] };
        foreach (long date in store.Dates().TakeWhile(_ => seen.Count < sought.Count))
        {
            foreach (RecordBatch batch in session.Read(new TableSource { Name = $"keys as of {InstantText.Format(date)}", Path = store.PathOf(date), Format = FileFormat.Parquet }, keyOnly, cancellation))
            {
                using (batch)
                {
                    for (int row = 0; row < batch.Length; row++)
                    {
                        if (sought.Count > seen.Count && TextOf(batch.Columns[0], row) is var key && sought.Contains(key))
                            seen.Add(key);
                    }
                }
            }
        }
        (long unknown, long notAtRisk, long noDate) = (0, 0, 0);
        for (int row = 0; row < Count; row++)
        {
            _known[row] = seen.Contains(_keys[row]);
            if (_found[row])
                continue;
            if (_dates[row] == None)
                noDate++;
            else if (_known[row])
                notAtRisk++;
            else
                unknown++;
        }
        return (unknown, notAtRisk, noDate);
    }

    /// <summary>Why a row without features has none; after <see cref="Judge"/>.</summary>
    public string ReasonOf(int row) => _dates[row] == None ? NoDate : _known[row] ? NotAtRisk : Unknown;

    /// <summary>First row without features, or -1.</summary>
    public int FirstUnmatched() => Array.IndexOf(_found, false);

    /// <summary>A row in words.</summary>
    public string Describe(int row) => Count == 0 ? "no row" : $"row {(row + 1).ToString(CultureInfo.InvariantCulture)}, customer '{_keys[row]}' as of {InstantText.Format(_instants[row])}: {ReasonOf(row)}";

    /// <summary>Positions within a block of rows that have features.</summary>
    public int[] FoundWithin(int first, int count) => [.. Enumerable.Range(0, count).Where(row => _found[first + row])];

    /// <summary>The dates that served some rows of a block; the caller disposes the column.</summary>
    public PrimitiveColumn<long> DatesOf(int[] rows, int first)
    {
        NativeBuffer<long> dates = NativeBuffer<long>.Allocate(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            dates[i] = _dates[first + rows[i]];
        return new PrimitiveColumn<long>(ColumnType.TimestampMicros, dates, rows.Length);
    }

    private static string TextOf(Column keys, int row) => keys is Utf8Column text ? text.GetString(row)! : ((PrimitiveColumn<long>)keys).Values[row].ToString(CultureInfo.InvariantCulture);
}
