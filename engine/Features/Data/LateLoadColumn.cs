using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>How late rows became known: only of late rows until those are many; from then on, in later runs too, of all.</summary>
internal sealed class LateLoadColumn : LoadColumn<long>
{
    private readonly GrowingBuffer<int> _rows = new();
    private readonly GrowingBuffer<long> _late = new();
    private bool _isDense;
    private int _count;

    public override void AppendGather(ReadOnlySpan<long> values, ReadOnlySpan<int> rows)
    {
        int before = _count;
        _count += rows.Length;
        if (_isDense)
        {
            AppendGather(_late, values, rows);
            return;
        }
        bool all = rows.Length == values.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            if (all)
            {
                int next = values[i..].IndexOfAnyExcept(0);
                if (next < 0)
                    break;
                i += next;
            }
            long late = values[rows[i]];
            if (late == 0)
                continue;
            _rows.Append(before + i);
            _late.Append(late);
        }
        if (_count >= LateRunColumn.LeastSparse && !LateRunColumn.IsFew((int)_rows.Length, _count))
            Spread();
    }

    public override RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds) => throw new NotSupportedException("what became known when is closed beside its time");

    /// <summary>The rows cut into buckets; this is empty then.</summary>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="time">When they happened; stays the run's.</param>
    public LateRunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds, RunColumn<long> time)
    {
        bool wasDense = _isDense;
        if (!_isDense && _count < LateRunColumn.LeastSparse)
            Spread();
        LateRunColumn column = _isDense ? new LateRunColumn(_late.Span, to, bounds, time) : new LateRunColumn(new LateRows(_rows.Span, _late.Span), to, bounds, time);
        Forget();
        _isDense = wasDense;
        return column;
    }

    public override void Forget()
    {
        _rows.Clear();
        _late.Clear();
        _count = 0;
    }

    public override void Dispose()
    {
        _rows.Dispose();
        _late.Dispose();
    }

    private void Spread()
    {
        long[] late = _late.Span.ToArray();
        _late.Clear();
        Span<long> all = _late.AppendUninitialised(_count);
        all.Clear();
        for (int i = 0; i < late.Length; i++)
            all[_rows[i]] = late[i];
        _rows.Clear();
        _isDense = true;
    }
}
