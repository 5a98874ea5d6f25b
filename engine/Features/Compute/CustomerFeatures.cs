namespace ChurnEngine.Features;

/// <summary>Computes the rows of one customer after another: all features at several instants from one sweep over the customer's rows. One a thread.</summary>
internal sealed unsafe class CustomerFeatures
{
    private readonly FeatureStep[] _steps;
    private readonly TableSweep?[] _sweeps;
    private readonly RowAggregate?[] _aggregates;
    private readonly PopulationValues?[] _population;
    private readonly long[] _instants;
    private readonly double[] _values;
    private readonly UnknownLevelObserver? _unknown;

    /// <param name="steps">The features.</param>
    /// <param name="plan">Their plan.</param>
    /// <param name="classes">[table] classes of the data.</param>
    /// <param name="instants">As-of instants, ascending.</param>
    /// <param name="population">Values of the whole population, by instant; an entry is null when no feature needs it.</param>
    /// <param name="unknown">Told of categories that the plan does not know; null: nobody asks.</param>
    public CustomerFeatures(FeatureStep[] steps, FeaturePlan plan, RowClass[][] classes, long[] instants, PopulationValues?[] population, UnknownLevelObserver? unknown = null)
    {
        (_steps, _instants, _population, _unknown) = (steps, instants, population, unknown);
        _sweeps = [.. plan.Layouts.Select((layout, table) => new TableSweep(layout, classes[table], instants))];
        _aggregates = [.. steps.Select(step => step.Feature.IsDerived ? null : RowAggregate.For(step.Feature, plan.Layouts[step.Table]))];
        _values = new double[steps.Length];
    }

    /// <summary>Computes a label that is a number, at one instant: the same aggregate as a feature's, over the window that ends there.</summary>
    /// <param name="step">The target; its window is the span's.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="classes">[table] classes of the data.</param>
    /// <param name="end">End of the label window, microseconds.</param>
    /// <param name="span">Its length, and when it is counted.</param>
    public CustomerFeatures(FeatureStep step, FeaturePlan plan, RowClass[][] classes, long end, TargetSpan span)
    {
        (_steps, _instants, _population) = ([step], [end], [null]);
        _sweeps = new TableSweep?[plan.Layouts.Count];
        _sweeps[step.Table] = new TableSweep(plan.Layouts[step.Table], classes[step.Table], _instants, span);
        _aggregates = [RowAggregate.For(step.Feature, plan.Layouts[step.Table])];
        _values = new double[1];
    }

    /// <summary>Goes through the rows of a customer; <see cref="Compute"/> follows for the instants wanted.</summary>
    public void Sweep(CustomerBlock block, int customer)
    {
        for (int table = 0; table < _sweeps.Length; table++)
            _sweeps[table]?.Run(block.Stores[table], customer);
    }

    /// <summary>Writes [F] features at an instant; NaN is missing. A category whose codes are not frozen yet is written as the bits of the data's code.</summary>
    /// <param name="instant">Position among the instants.</param>
    /// <param name="row">[F] gets the values.</param>
    public void Compute(int instant, Span<float> row)
    {
        Evaluate(instant);
        for (int i = 0; i < _steps.Length; i++)
        {
            FeatureStep step = _steps[i];
            row[i] = step is { Feature.Aggregate: Aggregate.Category, CodeMap: null } ? BitConverter.Int32BitsToSingle(Code(step, instant)) : (float)_values[i];
        }
        if (_unknown is not null)
            TellUnknown(instant, _unknown);
    }

    private void TellUnknown(int instant, UnknownLevelObserver unknown)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            FeatureStep step = _steps[i];
            if (step.CodeMap is not null && Code(step, instant) is >= 0 and int code && step.CodeMap[code] < 0 && step.Texts[code] is { } text)
                unknown(i, text);
        }
    }

    /// <summary>All features at an instant in double, before they are rounded; valid until the next call.</summary>
    public ReadOnlySpan<double> Evaluate(int instant)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            double value = Value(i, instant);
            _values[i] = ReferenceEquals(_steps[i].Feature.Adjustment, Adjustment.None) ? value : Adjust(i, value, instant);
        }
        return _values;
    }

    private double Value(int index, int instant)
    {
        FeatureStep step = _steps[index];
        if (_aggregates[index] is { } aggregate)
            return aggregate.Of(_sweeps[step.Table]!.Rows(step.Selector, instant, step.Window));
        TableSweep sweep = _sweeps[step.Table]!;
        switch (step.Feature.Aggregate)
        {
            case Aggregate.Count:
                return sweep.Count(step.Selector, instant, step.Window);
            case Aggregate.Sum:
                return sweep.Sum(step.Selector, step.Slot, instant, step.Window).Sum / step.Power;
            case Aggregate.Mean:
                (long sum, int values) = sweep.Sum(step.Selector, step.Slot, instant, step.Window);
                return values == 0 ? double.NaN : sum / step.Power / values;
            case Aggregate.Share:
                int rows = sweep.Count(step.Selector, instant, step.Window);
                return rows == 0 ? double.NaN : sweep.Count(step.Also, instant, step.Window) / (double)rows;
            case Aggregate.Category:
                int code = Code(step, instant);
                int mapped = code < 0 || step.CodeMap is null ? -1 : step.CodeMap[code];
                return mapped < 0 ? double.NaN : mapped;
            default:
                return Derived(index, instant);
        }
    }

    private double Derived(int index, int instant)
    {
        FeatureStep step = _steps[index];
        double left = step.Feature.Inputs.Count > 0 ? _values[step.Feature.Inputs[0]] : double.NaN;
        switch (step.Feature.Aggregate)
        {
            case Aggregate.Ratio:
                double below = _values[step.Feature.Inputs[1]] / step.RightDays;
                return below == 0 ? double.NaN : left / step.LeftDays / below;
            case Aggregate.Difference:
                return left / step.LeftDays - _values[step.Feature.Inputs[1]] / step.RightDays;
            case Aggregate.Expression:
                double value = step.Feature.Expression!.Evaluate(_values);
                return double.IsInfinity(value) ? double.NaN : value;
            case Aggregate.Rank:
                return _population[instant]?.Rank(index, left) ?? left;
            default:
                return _population[instant]?.Quantile(index, left, step.Feature.Parts) ?? left;
        }
    }

    private double Adjust(int index, double value, int instant)
    {
        Adjustment adjustment = _steps[index].Feature.Adjustment;
        // While the population's values are being collected they are taken as they are.
        if (adjustment.UsesPopulation && _population[instant] is null)
            return value;
        value = adjustment.Outliers switch
        {
            OutlierPolicy.Log => Math.CopySign(FunctionNode.Log1P(Math.Abs(value)), value),
            OutlierPolicy.Winsorise => _population[instant]?.Winsorise(index, value) ?? value,
            OutlierPolicy.Flag => _population[instant]?.Flag(index, value) ?? value,
            _ => value,
        };
        if (double.IsNaN(value))
            return adjustment.Impute ?? double.NaN;
        return Math.Clamp(value, adjustment.Clip.Low, adjustment.Clip.High);
    }

    private int Code(FeatureStep step, int instant)
    {
        TableSweep sweep = _sweeps[step.Table]!;
        SelectedRows rows = sweep.Rows(step.Selector, instant, -1);
        return rows.History.IsEmpty ? -1 : sweep.Store.Texts[step.Text][rows.History[^1]];
    }
}
