namespace ChurnEngine.Features;

/// <summary>Counts, sums and lists the rows of one customer in one table, once for all instants and windows asked for.</summary>
/// <remarks>
///     time      |   t1 - 30d      t1 - 7d   t2 - 30d    t1       t2
///     rows      . . .|. . . . . . . .|. . . . .|. . . . .|. . . . .|
///     running   at every edge the counts and sums so far are kept; a window is the difference of two edges
/// Rows that were not known at an instant are few: they are remembered, and taken out of what that instant sees. One a thread.</remarks>
internal sealed unsafe class TableSweep
{
    // More classes than rows are slower to add up than the rows; so are a few rows between an edge and the next.
    private const int MostTotalled = 64, MostListed = 16, LeastRowsAnEdge = 4;
    private readonly TableLayout _layout;
    private readonly int[][] _selectorsByClass;
    private readonly (int Slot, int Measure)[][] _sumsByClass;
    private readonly long[] _instants;
    private readonly long[] _knownAt;
    private readonly long[] _windows;
    private readonly bool _needsAllHistory;
    private readonly long[] _edges;
    private readonly long[] _nextInstant;
    private readonly int[] _end;
    private readonly int[] _start;
    private readonly int[] _count;
    private readonly long[] _sum;
    private readonly int[] _summed;
    private readonly int[] _countAt;
    private readonly long[] _sumAt;
    private readonly int[] _summedAt;
    private readonly int[][] _rows;
    private readonly List<int> _late = [];
    private readonly int[] _all;
    private readonly int[] _last;
    private readonly int[][] _lastByClass;
    private readonly bool[] _isFound;
    private readonly byte[][] _isListed;
    private readonly int[] _listed;
    private readonly long[][] _values;
    private readonly ClassTotals? _totals;
    private int[] _classes = [];
    private bool _byClass;
    private int _firstRow;
    private int _nextLate;
    private int[] _scratch = [];
    private TableStore _store = null!;

    /// <param name="layout">What the features ask of the table.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="instants">As-of instants, ascending.</param>
    /// <param name="target">Windows and what is known of them where a label is counted; null: those of the features, as known at each instant.</param>
    public TableSweep(TableLayout layout, RowClass[] classes, long[] instants, TargetSpan? target = null)
    {
        (_layout, _instants, _knownAt, _windows) = (layout, instants, target?.KnownAt ?? instants, target?.Windows ?? layout.Windows);
        _needsAllHistory = target?.NeedsAllHistory ?? layout.NeedsAllHistory;
        _selectorsByClass = [.. classes.Select(layout.SelectorsOf)];
        if (!layout.HasClasses)
            _selectorsByClass = [layout.SelectorsOf(default)];
        _sumsByClass = [.. _selectorsByClass.Select(selectors => selectors.SelectMany(s => layout.Selectors[s].Sums).ToArray())];
        _edges = [.. instants.SelectMany(t => _windows.Select(w => t - w).Append(t)).Distinct().Order()];
        _nextInstant = [.. _edges.Select(edge => instants.First(t => t >= edge))];
        _end = [.. instants.Select(t => Array.BinarySearch(_edges, t))];
        _start = [.. instants.SelectMany(t => _windows.Select(w => Array.BinarySearch(_edges, t - w)))];
        int selectors = layout.Selectors.Count;
        (_count, _countAt) = (new int[selectors], new int[selectors * _edges.Length]);
        (_sum, _sumAt) = (new long[layout.SlotCount], new long[layout.SlotCount * _edges.Length]);
        (_summed, _summedAt) = (new int[layout.SlotCount], new int[layout.SlotCount * _edges.Length]);
        _rows = [.. layout.Selectors.Select(s => s.NeedsRows ? new int[16] : [])];
        _all = [.. Enumerable.Range(0, selectors).Where(s => layout.Selectors[s].NeedsRows)];
        _isListed = [.. Enumerable.Range(0, selectors).Select(s => _selectorsByClass.Select(own => (byte)(own.Contains(s) ? 1 : 0)).ToArray())];
        _listed = new int[selectors];
        _last = _needsAllHistory || target is not null ? [] : [.. _all.Where(s => layout.Selectors[s].NeedsLast)];
        _lastByClass = [.. _selectorsByClass.Select(own => own.Intersect(_last).ToArray())];
        _isFound = new bool[selectors];
        _values = [.. layout.Measures.Select(_ => Array.Empty<long>())];
        _totals = _selectorsByClass.Length > MostTotalled || _all.Length > MostListed ? null : new ClassTotals(_selectorsByClass, _sumsByClass, layout.Measures.Count, Add);
    }

    public TableStore Store => _store;

    /// <summary>Goes through the rows of a customer.</summary>
    public void Run(TableStore store, int customer)
    {
        _store = store;
        Array.Clear(_count);
        Array.Clear(_sum);
        Array.Clear(_summed);
        _late.Clear();
        if (_count.Length == 0)
            return;
        int row = store.First(customer), end = store.End(customer), first = row;
        if (!_needsAllHistory)
            first = row = store.LowerBound(row, end, _edges[0]);
        if (_last.Length > 0)
            first = ListLast(store.First(customer), row);
        foreach (int selector in _all)
        {
            // One more than the rows, which TakeByClass writes and forgets.
            int most = _count[selector] + end - row;
            if (_rows[selector].Length <= most)
                Array.Resize(ref _rows[selector], Math.Max(most + 1, 2 * _rows[selector].Length));
        }
        Read(store, row, end);
        _nextLate = store.Late?.FirstFrom(first) ?? 0;
        NoteLate(first, row, _nextInstant[0]);
        int selectors = _count.Length, slots = _sum.Length;
        for (int edge = 0; edge < _edges.Length; edge++)
        {
            row = Take(row, end, edge);
            _count.CopyTo(_countAt, edge * selectors);
            if (slots == 0)
                continue;
            _sum.CopyTo(_sumAt, edge * slots);
            _summed.CopyTo(_summedAt, edge * slots);
        }
    }

    /// <summary>Rows of a selector in a window before an instant.</summary>
    /// <param name="selector">Position in the layout.</param>
    /// <param name="instant">Position among the instants.</param>
    /// <param name="window">Position in the layout; -1 for all history.</param>
    public int Count(int selector, int instant, int window)
    {
        int count = _countAt[_end[instant] * _count.Length + selector];
        if (window >= 0)
            count -= _countAt[StartOf(instant, window) * _count.Length + selector];
        if (_late.Count == 0)
            return count;
        foreach (int row in _late)
            count -= IsLate(row, instant, window) && Selects(row, selector) ? 1 : 0;
        return count;
    }

    /// <summary>Fixed-point sum of a slot, and how many values went into it: those not missing.</summary>
    public (long Sum, int Values) Sum(int selector, int slot, int instant, int window)
    {
        int end = _end[instant] * _sum.Length + slot;
        (long sum, int values) = (_sumAt[end], _summedAt[end]);
        if (window >= 0)
        {
            int start = StartOf(instant, window) * _sum.Length + slot;
            sum = Subtract(sum, _sumAt[start]);
            values -= _summedAt[start];
        }
        if (_late.Count == 0)
            return (sum, values);
        StoreColumn<long> measure = _store.Measures[MeasureOf(selector, slot)];
        foreach (int row in _late)
        {
            if (!IsLate(row, instant, window) || !Selects(row, selector) || measure[row] == long.MinValue)
                continue;
            sum = Subtract(sum, measure[row]);
            values--;
        }
        return (sum, values);
    }

    /// <summary>The rows of a selector up to an instant, for a window before it; valid until the next call or run.</summary>
    /// <remarks>The layout's selector must say that it needs rows.</remarks>
    public SelectedRows Rows(int selector, int instant, int window)
    {
        long asOf = _instants[instant];
        long from = window < 0 ? long.MinValue : asOf - _windows[window];
        int count = _countAt[_end[instant] * _count.Length + selector];
        int start = window < 0 ? 0 : _countAt[StartOf(instant, window) * _count.Length + selector];
        ReadOnlySpan<int> rows = _rows[selector].AsSpan(0, count);
        if (_late.Count == 0)
            return new SelectedRows(_store, rows, start, from, asOf);
        if (_scratch.Length < count)
            _scratch = new int[Math.Max(count, 2 * _scratch.Length)];
        int kept = 0, before = 0, late = 0;
        for (int i = 0; i < count; i++)
        {
            // Both ascend.
            while (late < _late.Count && _late[late] < rows[i])
                late++;
            if (late < _late.Count && _late[late] == rows[i] && !_store.IsKnown(rows[i], _knownAt[instant]))
                continue;
            before += i < start ? 1 : 0;
            _scratch[kept++] = rows[i];
        }
        return new SelectedRows(_store, _scratch.AsSpan(0, kept), before, from, asOf);
    }

    private int Take(int row, int end, int edge)
    {
        long until = _edges[edge], next = _nextInstant[edge];
        long* time = _store.Time;
        int first = row;
        while (row < end && time[row] < until)
            row++;
        if (_byClass)
            TakeByClass(first, row);
        else
            TakeEach(first, row);
        NoteLate(first, row, next);
        return row;
    }

    // Of the rows before all windows a feature sees no more than the last that is known: those back to the first that every instant knows. Returns the first of them.
    private int ListLast(int first, int row)
    {
        int wanted = _last.Length;
        Array.Clear(_isFound);
        while (wanted > 0 && row > first)
        {
            row--;
            foreach (int selector in _lastByClass[_store.ClassOf(row)])
            {
                if (_isFound[selector])
                    continue;
                int at = _count[selector]++;
                if (at == _rows[selector].Length)
                    Array.Resize(ref _rows[selector], 2 * at);
                _rows[selector][at] = row;
                _isFound[selector] = _store.IsKnown(row, _knownAt[0]);
                wanted -= _isFound[selector] ? 1 : 0;
            }
        }
        foreach (int selector in _last)
            _rows[selector].AsSpan(0, _count[selector]).Reverse();
        return row;
    }

    // No instant knows less than what had arrived by then, so this misses none.
    private void NoteLate(int first, int row, long knownAt)
    {
        if (_store.Late is { } late)
        {
            for (; _nextLate < late.Rows.Length && late.Rows[_nextLate] < row; _nextLate++)
            {
                if (late.KnownAt(_nextLate) > knownAt)
                    _late.Add(late.Rows[_nextLate]);
            }
        }
        else if (_store.HasKnown)
        {
            for (; first < row; first++)
            {
                if (_store.KnownAt(first) > knownAt)
                    _late.Add(first);
            }
        }
    }

    // The values of a customer's rows, as they are.
    private void Read(TableStore store, int row, int end)
    {
        _firstRow = row;
        _byClass = _totals is not null && end - row >= LeastRowsAnEdge * _edges.Length;
        if (_byClass)
        {
            _count.CopyTo(_listed, 0);
            if (_classes.Length < end - row)
                _classes = new int[Math.Max(end - row, 2 * _classes.Length)];
            store.CopyClasses(row, _classes.AsSpan(0, end - row));
        }
        for (int measure = 0; _sum.Length > 0 && measure < _values.Length; measure++)
        {
            if (_values[measure].Length < end - row)
                _values[measure] = new long[Math.Max(end - row, 2 * _values[measure].Length)];
            store.Measures[measure].CopyTo(row, _values[measure].AsSpan(0, end - row));
        }
    }

    private void TakeEach(int row, int end)
    {
        for (; row < end; row++)
        {
            int rowClass = _store.ClassOf(row);
            foreach (int selector in _selectorsByClass[rowClass])
            {
                int at = _count[selector]++;
                int[] list = _rows[selector];
                if ((uint)at < (uint)list.Length)
                    list[at] = row;
            }
            foreach ((int slot, int measure) in _sumsByClass[rowClass])
            {
                long value = _values[measure][row - _firstRow];
                if (value == long.MinValue)
                    continue;
                _sum[slot] = Add(_sum[slot], value, measure);
                _summed[slot]++;
            }
        }
    }

    private void TakeByClass(int first, int end)
    {
        if (first == end)
            return;
        ReadOnlySpan<int> classes = _classes.AsSpan(first - _firstRow, end - first);
        ClassTotals totals = _totals!;
        totals.Count(classes);
        foreach (int selector in _all)
        {
            // Each row is written, and the next one over it when it is not of the selector.
            int[] list = _rows[selector];
            byte[] isListed = _isListed[selector];
            int at = _listed[selector];
            for (int row = 0; row < classes.Length; row++)
            {
                list[at] = first + row;
                at += isListed[classes[row]];
            }
            _listed[selector] = at;
        }
        for (int measure = 0; _sum.Length > 0 && measure < _values.Length; measure++)
            totals.Sum(classes, measure, _values[measure].AsSpan(first - _firstRow, end - first));
        totals.MoveTo(_count, _sum, _summed);
    }

    private int StartOf(int instant, int window) => _start[instant * _windows.Length + window];

    private bool IsLate(int row, int instant, int window) =>
        _store.Time[row] < _instants[instant] && !_store.IsKnown(row, _knownAt[instant]) && (window < 0 || _store.Time[row] >= _instants[instant] - _windows[window]);

    private bool Selects(int row, int selector) => Array.IndexOf(_selectorsByClass[_store.ClassOf(row)], selector) >= 0;

    private int MeasureOf(int selector, int slot)
    {
        foreach ((int own, int measure) in _layout.Selectors[selector].Sums)
        {
            if (own == slot)
                return measure;
        }
        throw new ArgumentOutOfRangeException(nameof(slot));
    }

    private long Add(long sum, long value, int measure)
    {
        long result = unchecked(sum + value);
        return ((sum ^ result) & (value ^ result)) < 0
            ? throw FeaturesErrors.SumOverflow(_layout.Table.Name, _layout.Measures[measure].Column, _layout.Measures[measure].Scale)
            : result;
    }

    private long Subtract(long from, long value)
    {
        long result = unchecked(from - value);
        return ((from ^ value) & (from ^ result)) < 0 ? throw FeaturesErrors.SumOverflow(_layout.Table.Name, "its sums", 0) : result;
    }
}

/// <summary>How a table is swept to count a label.</summary>
/// <param name="Windows">Lengths of the label windows, microseconds; each ends at an instant of the sweep.</param>
/// <param name="KnownAt">[instants] when the label is counted: what arrived later does not show. At or after the instant.</param>
/// <param name="NeedsAllHistory">What lies before the window matters too.</param>
internal sealed record TargetSpan(long[] Windows, long[] KnownAt, bool NeedsAllHistory);
