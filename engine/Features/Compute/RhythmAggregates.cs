namespace ChurnEngine.Features;

/// <summary>How many different values there are, or the entropy of their shares in bits; missing values do not count.</summary>
internal sealed class VarietyAggregate(Aggregate aggregate, IdentitySource source) : RowAggregate
{
    private long[] _values = [];

    public override double Of(in SelectedRows rows)
    {
        ReadOnlySpan<int> window = rows.Window;
        if (_values.Length < window.Length)
            _values = new long[Math.Max(window.Length, 2 * _values.Length)];
        int count = 0;
        foreach (int row in window)
        {
            long value = source.Of(rows.Store, row);
            if (value != Identity.Missing)
                _values[count++] = value;
        }
        Span<long> values = _values.AsSpan(0, count);
        values.Sort();
        int distinct = 0;
        double entropy = 0;
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && values[end] == values[start]; end++)
            {
            }
            distinct++;
            double share = (end - start) / (double)count;
            entropy -= share * Math.Log2(share);
        }
        return aggregate == Aggregate.Distinct ? distinct : count == 0 ? double.NaN : entropy;
    }
}

/// <summary>Days with a row, or the longest run of such days on end; days in the plan's time zone.</summary>
internal sealed class DaysAggregate(Aggregate aggregate, LocalClock clock) : RowAggregate
{
    public override double Of(in SelectedRows rows)
    {
        int active = 0, streak = 0, longest = 0;
        long last = long.MinValue;
        foreach (int row in rows.Window)
        {
            long day = clock.Day(rows.Time(row));
            if (day == last)
                continue;
            active++;
            streak = last != long.MinValue && day == last + 1 ? streak + 1 : 1;
            longest = Math.Max(longest, streak);
            last = day;
        }
        return aggregate == Aggregate.ActiveDays ? active : longest;
    }
}

/// <summary>Days between a row and the next.</summary>
internal sealed class GapAggregate(Aggregate aggregate) : RowAggregate
{
    public override double Of(in SelectedRows rows)
    {
        ReadOnlySpan<int> window = rows.Window;
        if (window.Length < 2)
            return double.NaN;
        if (aggregate == Aggregate.GapMeanDays)
            return (rows.Time(window[^1]) - rows.Time(window[0])) / (double)Duration.Day / (window.Length - 1);
        var moments = new Moments();
        double longest = 0;
        for (int i = 1; i < window.Length; i++)
        {
            double gap = (rows.Time(window[i]) - rows.Time(window[i - 1])) / (double)Duration.Day;
            moments.Add(gap);
            longest = Math.Max(longest, gap);
        }
        return aggregate == Aggregate.GapMaxDays ? longest : moments.Deviation;
    }
}

/// <summary>Least-squares slope, a period, of the count or sum of each period of the window, the oldest first.</summary>
internal sealed unsafe class SlopeAggregate(FeatureDefinition feature, int measure) : RowAggregate
{
    private readonly long[] _totals = new long[Math.Max(1, feature.Window / Math.Max(1, feature.Period))];
    private readonly double _power = measure < 0 ? 1 : Math.Pow(10, feature.Scale);

    public override double Of(in SelectedRows rows)
    {
        Array.Clear(_totals);
        foreach (int row in rows.Window)
        {
            long value = measure < 0 ? 1 : rows.Store.Measures[measure][row];
            if (value != long.MinValue)
                _totals[(rows.Time(row) - rows.From) / feature.Period] += value;
        }
        double middle = (_totals.Length - 1) / 2.0, mean = 0;
        foreach (long total in _totals)
            mean += total / _power / _totals.Length;
        double products = 0, squares = 0;
        for (int i = 0; i < _totals.Length; i++)
        {
            products += (i - middle) * (_totals[i] / _power - mean);
            squares += (i - middle) * (i - middle);
        }
        return products / squares;
    }
}
