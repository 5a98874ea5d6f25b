namespace ChurnEngine.Features;

/// <summary>Days since the last row.</summary>
internal sealed class RecencyAggregate : RowAggregate
{
    public override double Of(in SelectedRows rows) => rows.History.IsEmpty ? double.NaN : (rows.AsOf - rows.Time(rows.History[^1])) / (double)Duration.Day;
}

/// <summary>Days since the first row.</summary>
internal sealed class TenureAggregate : RowAggregate
{
    public override double Of(in SelectedRows rows) => rows.History.IsEmpty ? double.NaN : (rows.AsOf - rows.Time(rows.History[0])) / (double)Duration.Day;
}

/// <summary>A number of the latest row, missing where that row has none.</summary>
internal sealed unsafe class LatestAggregate(int column) : RowAggregate
{
    public override double Of(in SelectedRows rows) => rows.History.IsEmpty ? double.NaN : rows.Store.Numbers[column][rows.History[^1]];
}

/// <summary>Days from t to the instant in the latest row, or from it to t.</summary>
internal sealed unsafe class InstantAggregate(int column, int sign) : RowAggregate
{
    public override double Of(in SelectedRows rows) =>
        rows.History.IsEmpty ? double.NaN : sign * (rows.Store.Numbers[column][rows.History[^1]] - rows.AsOf / (double)Duration.Day);
}

/// <summary>Least, greatest, first, last value and standard deviation; values that are missing do not count.</summary>
internal sealed unsafe class ValueAggregate(Aggregate aggregate, int column) : RowAggregate
{
    public override double Of(in SelectedRows rows)
    {
        StoreColumn<double> values = rows.Store.Numbers[column];
        return aggregate switch
        {
            Aggregate.First => First(values, rows.Window),
            Aggregate.Last => Last(values, rows.Window),
            Aggregate.Std => Deviation(values, rows.Window),
            _ => Extreme(values, rows.Window),
        };
    }

    private double Extreme(StoreColumn<double> values, ReadOnlySpan<int> rows)
    {
        double extreme = double.NaN;
        foreach (int row in rows)
        {
            double value = values[row];
            if (double.IsNaN(value))
                continue;
            if (double.IsNaN(extreme) || (aggregate == Aggregate.Min ? value < extreme : value > extreme))
                extreme = value;
        }
        return extreme;
    }

    private static double First(StoreColumn<double> values, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (!double.IsNaN(values[row]))
                return values[row];
        }
        return double.NaN;
    }

    private static double Last(StoreColumn<double> values, ReadOnlySpan<int> rows)
    {
        for (int i = rows.Length - 1; i >= 0; i--)
        {
            if (!double.IsNaN(values[rows[i]]))
                return values[rows[i]];
        }
        return double.NaN;
    }

    private static double Deviation(StoreColumn<double> values, ReadOnlySpan<int> rows)
    {
        var moments = new Moments();
        foreach (int row in rows)
        {
            if (!double.IsNaN(values[row]))
                moments.Add(values[row]);
        }
        return moments.Deviation;
    }
}

/// <summary>Mean and standard deviation of a sample in one pass. Source: Welford, Technometrics 4 (1962).</summary>
internal struct Moments
{
    private double _squares;

    public int Count { get; private set; }

    /// <summary>0 without values.</summary>
    public double Mean { get; private set; }

    /// <summary>Divided by n - 1; NaN below two values.</summary>
    public readonly double Deviation => Count < 2 ? double.NaN : Math.Sqrt(_squares / (Count - 1));

    public void Add(double value)
    {
        Count++;
        double before = value - Mean;
        Mean += before / Count;
        _squares += before * (value - Mean);
    }
}
