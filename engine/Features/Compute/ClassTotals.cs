namespace ChurnEngine.Features;

/// <summary>Counts and sums of rows by class, added to those of the selectors class by class: what several selectors have in common is counted once, and without a branch.</summary>
internal sealed class ClassTotals
{
    private readonly int[][] _selectorsByClass;
    private readonly (int Slot, int Measure)[][] _sumsByClass;
    private readonly int _measures;
    private readonly int[] _count;
    private readonly long[] _sum;
    private readonly int[] _summed;
    private readonly Func<long, long, int, long> _add;

    /// <param name="selectorsByClass">[class] selectors that its rows belong to.</param>
    /// <param name="sumsByClass">[class] sums that they go into, and of which measure.</param>
    /// <param name="measures">Measures of the table.</param>
    /// <param name="add">Adds a value of a measure, or says that it is too much.</param>
    public ClassTotals(int[][] selectorsByClass, (int Slot, int Measure)[][] sumsByClass, int measures, Func<long, long, int, long> add)
    {
        (_selectorsByClass, _sumsByClass, _measures, _add) = (selectorsByClass, sumsByClass, measures, add);
        _count = new int[selectorsByClass.Length];
        (_sum, _summed) = (new long[_count.Length * measures], new int[_count.Length * measures]);
    }

    /// <summary>Takes rows.</summary>
    /// <param name="classes">[n] class of each.</param>
    public void Count(ReadOnlySpan<int> classes)
    {
        foreach (int rowClass in classes)
            _count[rowClass]++;
    }

    /// <summary>Takes a measure of those rows.</summary>
    /// <param name="classes">[n] class of each.</param>
    /// <param name="measure">Which.</param>
    /// <param name="values">[n] values; <see cref="long.MinValue"/> is missing.</param>
    public void Sum(ReadOnlySpan<int> classes, int measure, ReadOnlySpan<long> values)
    {
        for (int row = 0; row < classes.Length; row++)
        {
            long value = values[row];
            if (value == long.MinValue)
                continue;
            int at = classes[row] * _measures + measure;
            long sum = _sum[at], result = unchecked(sum + value);
            // What no feature sums up may be as much as it likes.
            _sum[at] = ((sum ^ result) & (value ^ result)) < 0 && IsSummed(classes[row], measure) ? _add(sum, value, measure) : result;
            _summed[at]++;
        }
    }

    private bool IsSummed(int rowClass, int measure) => Array.Exists(_sumsByClass[rowClass], own => own.Measure == measure);

    /// <summary>Adds what was taken to the selectors, and forgets it.</summary>
    public void MoveTo(int[] count, long[] sum, int[] summed)
    {
        for (int rowClass = 0; rowClass < _count.Length; rowClass++)
        {
            int rows = _count[rowClass];
            if (rows == 0)
                continue;
            _count[rowClass] = 0;
            foreach (int selector in _selectorsByClass[rowClass])
                count[selector] += rows;
            foreach ((int slot, int measure) in _sumsByClass[rowClass])
            {
                int at = rowClass * _measures + measure;
                sum[slot] = _add(sum[slot], _sum[at], measure);
                summed[slot] += _summed[at];
            }
            Array.Clear(_sum, rowClass * _measures, _measures);
            Array.Clear(_summed, rowClass * _measures, _measures);
        }
    }
}
