namespace ChurnEngine.Features;

/// <summary>Sums up one customer's rows of one table before an instant: one pass from the latest row back.</summary>
/// <remarks>
///     rows      ... | older | window 90 | window 30 | 7 |  t
///     bucket             3        2           1       0        a window's value is the sum of its bucket and all shorter ones
/// Rows that were not known at t are passed over.</remarks>
internal sealed unsafe class TableScan
{
    private readonly TableLayout _layout;
    private readonly TableStore _store;
    private readonly long[] _counts;
    private readonly long[] _sums;
    private readonly long[] _summed;
    private readonly long[] _latest;
    private readonly long[] _earliest;
    private readonly int _buckets;

    public TableScan(TableLayout layout, TableStore store)
    {
        (_layout, _store, _buckets) = (layout, store, layout.BucketCount);
        _counts = new long[layout.Selectors.Count * _buckets];
        _sums = new long[layout.SlotCount * _buckets];
        _summed = new long[layout.SlotCount * _buckets];
        _latest = new long[layout.Selectors.Count];
        _earliest = new long[layout.Selectors.Count];
    }

    public TableStore Store => _store;

    /// <summary>Row of the latest match, or -1.</summary>
    public long Latest(int selector) => _latest[selector];

    /// <summary>Row of the earliest match, or -1.</summary>
    public long Earliest(int selector) => _earliest[selector];

    public long Count(int selector, int lastBucket) => Total(_counts, selector, lastBucket);

    /// <summary>Fixed-point sum of a slot.</summary>
    public long Sum(int slot, int lastBucket) => Total(_sums, slot, lastBucket);

    /// <summary>Values that went into the sum: those not missing.</summary>
    public long Summed(int slot, int lastBucket) => Total(_summed, slot, lastBucket);

    public void Run(int customer, long asOf)
    {
        Array.Clear(_counts);
        Array.Clear(_sums);
        Array.Clear(_summed);
        Array.Fill(_latest, -1);
        Array.Fill(_earliest, -1);
        if (_layout.Selectors.Count == 0)
            return;
        long* time = _store.Time.Pointer;
        ushort* classes = _store.Class is null ? null : _store.Class.Pointer;
        long[] windows = _layout.Windows;
        int bucket = 0;
        for (long row = _store.LowerBound(customer, asOf) - 1, first = _store.First(customer); row >= first; row--)
        {
            while (bucket < windows.Length && time[row] < asOf - windows[bucket])
                bucket++;
            if (bucket == windows.Length && !_layout.NeedsAllHistory)
                break;
            if (!_store.IsKnown(row, asOf))
                continue;
            foreach (int selector in _layout.SelectorsByClass[classes == null ? 0 : classes[row]])
                Take(row, selector, bucket);
        }
    }

    private void Take(long row, int selector, int bucket)
    {
        _counts[selector * _buckets + bucket]++;
        if (_latest[selector] < 0)
            _latest[selector] = row;
        _earliest[selector] = row;
        foreach ((int slot, int measure) in _layout.Selectors[selector].Sums)
        {
            long value = _store.Measures[measure].Pointer[row];
            if (value == long.MinValue)
                continue;
            ref long sum = ref _sums[slot * _buckets + bucket];
            sum = Add(sum, value, measure);
            _summed[slot * _buckets + bucket]++;
        }
    }

    private long Add(long sum, long value, int measure)
    {
        long result = unchecked(sum + value);
        if (((sum ^ result) & (value ^ result)) < 0)
            throw FeaturesErrors.SumOverflow(_layout.Table.Name, _layout.Measures[measure].Column, _layout.Measures[measure].Scale);
        return result;
    }

    private long Total(long[] cells, int index, int lastBucket)
    {
        long total = 0;
        for (int bucket = 0; bucket <= lastBucket; bucket++)
        {
            long before = total;
            total = unchecked(total + cells[index * _buckets + bucket]);
            if (((before ^ total) & (cells[index * _buckets + bucket] ^ total)) < 0)
                throw FeaturesErrors.SumOverflow(_layout.Table.Name, "its sums", 0);
        }
        return total;
    }
}
