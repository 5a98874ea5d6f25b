using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What numbers of 32 bits go up to; the least is above the most where there is none.</summary>
/// <param name="Least">Least number.</param>
/// <param name="Most">Greatest number.</param>
/// <param name="HasMissing">Whether some are missing, which is <see cref="int.MinValue"/>.</param>
internal readonly record struct NarrowRange(int Least, int Most, bool HasMissing)
{
    public static NarrowRange None { get; } = new(int.MaxValue, int.MinValue, false);

    public NumberFrame Frame => Least > Most ? new NumberFrame(long.MaxValue, long.MinValue, 1, HasMissing) : new NumberFrame(Least, Most, 1, HasMissing);
}

/// <summary>Numbers that are kept as whole ones of 32 bits until one does not fit; from then on, in later runs too, as they are.</summary>
internal abstract class NarrowLoadColumn<T> : LoadColumn<T> where T : unmanaged, IComparable<T>
{
    private readonly GrowingBuffer<int> _narrow = new(most: MostRows);
    private GrowingBuffer<T>? _wide;
    private T[] _gathered = [];
    private NarrowRange _range = NarrowRange.None;

    public override void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        if (_wide is not null || !TryAppend(values, rows))
            AppendGather(_wide!, values, rows);
    }

    public override RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds)
    {
        RunColumn column = _wide is not null ? Cut(_wide.Span, to, bounds) : to.Length < LeastPacked ? Plain(_narrow.Span, to, bounds) : Pack(_narrow.Span, to, bounds, _range.Frame);
        Forget();
        return column;
    }

    public override void Forget()
    {
        _narrow.Clear();
        _wide?.Clear();
        _range = NarrowRange.None;
    }

    public override void Dispose()
    {
        _narrow.Dispose();
        _wide?.Dispose();
    }

    /// <summary>Writes values as whole numbers, and widens the range to hold them; false, and then what is written and the range are of no use, when one does not fit.</summary>
    protected abstract bool TryNarrow(ReadOnlySpan<T> values, Span<int> narrow, ref NarrowRange range);

    /// <summary>Makes the numbers so far ones of a finer unit; false when there is none that they fit.</summary>
    protected virtual bool TryRefine(Span<int> narrow, ref NarrowRange range) => false;

    protected abstract T ValueOf(int narrow);

    protected abstract RunColumn Pack(ReadOnlySpan<int> narrow, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame);

    private bool TryAppend(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        if (rows.Length != values.Length)
        {
            if (_gathered.Length < rows.Length)
                _gathered = new T[values.Length];
            for (int i = 0; i < rows.Length; i++)
                _gathered[i] = values[rows[i]];
            values = _gathered.AsSpan(0, rows.Length);
        }
        Span<int> room = _narrow.AppendUninitialised(values.Length);
        Span<int> before = _narrow.Span[..^values.Length];
        NarrowRange range = _range;
        while (!TryNarrow(values, room, ref range))
        {
            range = _range;
            if (!TryRefine(before, ref range))
            {
                Widen(before);
                return false;
            }
            _range = range;
        }
        _range = range;
        return true;
    }

    private void Widen(ReadOnlySpan<int> narrow)
    {
        _wide = new GrowingBuffer<T>(narrow.Length, MostRows);
        Write(narrow, _wide.AppendUninitialised(narrow.Length));
        _narrow.Clear();
    }

    private PlainRunColumn<T> Plain(ReadOnlySpan<int> narrow, ReadOnlySpan<int> to, BucketBounds bounds)
    {
        Span<T> values = stackalloc T[narrow.Length];
        Write(narrow, values);
        return new PlainRunColumn<T>(values, to, bounds);
    }

    private void Write(ReadOnlySpan<int> narrow, Span<T> values)
    {
        for (int row = 0; row < narrow.Length; row++)
            values[row] = ValueOf(narrow[row]);
    }
}

/// <summary>Whole numbers; <see cref="long.MinValue"/> is missing.</summary>
internal sealed class WholeLoadColumn : NarrowLoadColumn<long>
{
    protected override bool TryNarrow(ReadOnlySpan<long> values, Span<int> narrow, ref NarrowRange range)
    {
        (long least, long most) = (range.Least, range.Most);
        bool hasMissing = range.HasMissing;
        for (int row = 0; row < values.Length; row++)
        {
            long value = values[row];
            if (value == long.MinValue)
            {
                (narrow[row], hasMissing) = (int.MinValue, true);
                continue;
            }
            narrow[row] = (int)value;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }
        if (least <= int.MinValue || most > int.MaxValue)
            return false;
        range = new NarrowRange((int)least, (int)most, hasMissing);
        return true;
    }

    protected override long ValueOf(int narrow) => narrow == int.MinValue ? long.MinValue : narrow;

    protected override RunColumn Pack(ReadOnlySpan<int> narrow, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame) =>
        PackedRunColumn<long>.OfNarrow(narrow, to, bounds, NumberFrame.OfNarrow(narrow, frame));
}

/// <summary>Numbers of few decimals as whole ones of their last digit, where that gives back the same bits; NaN is missing.</summary>
internal sealed class NumberLoadColumn : NarrowLoadColumn<double>
{
    private const int Finer = 10;
    private int _power = 1;

    protected override bool TryNarrow(ReadOnlySpan<double> values, Span<int> narrow, ref NarrowRange range)
    {
        (int least, int most) = (range.Least, range.Most);
        bool hasMissing = range.HasMissing;
        double power = _power;
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row], scaled = Math.Round(value * power);
            if (scaled / power == value && Math.Abs(scaled) <= int.MaxValue)
            {
                int whole = narrow[row] = (int)scaled;
                (least, most) = (Math.Min(least, whole), Math.Max(most, whole));
                continue;
            }
            if (!double.IsNaN(value))
                return false;
            (narrow[row], hasMissing) = (int.MinValue, true);
        }
        range = new NarrowRange(least, most, hasMissing);
        return true;
    }

    protected override bool TryRefine(Span<int> narrow, ref NarrowRange range)
    {
        bool fits = range.Least > range.Most || (Math.Abs((long)range.Least) <= int.MaxValue / Finer && Math.Abs((long)range.Most) <= int.MaxValue / Finer);
        if (_power == DecimalRunColumn.MostPower || !fits)
            return false;
        _power *= Finer;
        foreach (ref int whole in narrow)
            whole = whole == int.MinValue ? whole : whole * Finer;
        if (range.Least <= range.Most)
            range = range with { Least = range.Least * Finer, Most = range.Most * Finer };
        return true;
    }

    protected override double ValueOf(int narrow) => narrow == int.MinValue ? double.NaN : DecimalRunColumn.ValueOf(narrow, _power);

    protected override RunColumn Pack(ReadOnlySpan<int> narrow, ReadOnlySpan<int> to, BucketBounds bounds, NumberFrame frame) =>
        new DecimalRunColumn(PackedRunColumn<long>.OfNarrow(narrow, to, bounds, frame), _power, bounds);
}
