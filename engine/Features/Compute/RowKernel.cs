namespace ChurnEngine.Features;

/// <summary>Computes one row of the matrix: all features of one customer at one instant. One a thread; keeps nothing between rows.</summary>
internal sealed unsafe class RowKernel
{
    private readonly FeatureStep[] _steps;
    private readonly TableScan[] _scans;
    private readonly double[] _values;

    public RowKernel(FeatureStep[] steps, CustomerData data)
    {
        _steps = steps;
        _scans = [.. data.Stores.Select((store, table) => new TableScan(data.Plan.Layouts[table], store))];
        _values = new double[steps.Length];
    }

    /// <summary>Writes [F] features; NaN is missing. A category whose codes are not frozen yet is written as the bits of the data's code.</summary>
    public void Compute(int customer, long asOf, Span<float> row)
    {
        foreach (TableScan scan in _scans)
            scan.Run(customer, asOf);
        for (int i = 0; i < _steps.Length; i++)
        {
            ref readonly FeatureStep step = ref _steps[i];
            _values[i] = Value(step, asOf);
            row[i] = step is { Aggregate: Aggregate.Category, CodeMap: null } ? BitConverter.Int32BitsToSingle(Code(step)) : (float)_values[i];
        }
    }

    private double Value(in FeatureStep step, long asOf)
    {
        if (step.Aggregate == Aggregate.Ratio)
            return Ratio(_values[step.Numerator] / step.NumeratorDays, _values[step.Denominator] / step.DenominatorDays);
        TableScan scan = _scans[step.Table];
        switch (step.Aggregate)
        {
            case Aggregate.Count:
                return scan.Count(step.Selector, step.LastBucket);
            case Aggregate.Sum:
                return scan.Sum(step.Slot, step.LastBucket) / step.Power;
            case Aggregate.Mean:
                long summed = scan.Summed(step.Slot, step.LastBucket);
                return summed == 0 ? double.NaN : scan.Sum(step.Slot, step.LastBucket) / step.Power / summed;
            case Aggregate.RecencyDays:
                return DaysSince(scan, scan.Latest(step.Selector), asOf);
            case Aggregate.TenureDays:
                return DaysSince(scan, scan.Earliest(step.Selector), asOf);
            case Aggregate.Latest:
                return scan.Latest(step.Selector) is >= 0 and long latest ? scan.Store.Numbers[step.Column].Pointer[latest] : double.NaN;
            default:
                int code = Code(step);
                int mapped = code < 0 || step.CodeMap is null ? -1 : step.CodeMap[code];
                return mapped < 0 ? double.NaN : mapped;
        }
    }

    private int Code(in FeatureStep step)
    {
        long latest = _scans[step.Table].Latest(step.Selector);
        return latest < 0 ? -1 : _scans[step.Table].Store.Texts[step.Column].Pointer[latest];
    }

    private static double DaysSince(TableScan scan, long row, long asOf) =>
        row < 0 ? double.NaN : (asOf - scan.Store.Time.Pointer[row]) / (double)Duration.Day;

    private static double Ratio(double numerator, double denominator) => denominator == 0 ? double.NaN : numerator / denominator;
}
