namespace ChurnEngine.Features;

/// <summary>Labels that are numbers: an aggregate over the rows in [t + gap, t + gap + horizon) of each customer of a partition. One a thread.</summary>
/// <remarks>The window of the label is that of a feature at its end, seen with what was known when the label is counted: one definition of every aggregate.</remarks>
internal sealed class TargetValues
{
    private readonly CustomerData _data;
    private readonly CustomerBlock _block;
    private readonly (long From, long End) _window;
    private readonly FeatureStep _step;
    private (long KnownAt, CustomerFeatures Values)? _counted;
    private (long KnownAt, CustomerFeatures Values)? _other;

    /// <param name="data">Its plan has a label with a target.</param>
    /// <param name="partition">The partition whose customers are asked for.</param>
    /// <param name="asOf">t, microseconds since 1970 UTC.</param>
    public TargetValues(CustomerData data, int partition, long asOf)
    {
        (_data, _block) = (data, data.BlockOf(partition));
        _window = data.Plan.Label!.WindowAt(asOf);
        // The sweep has one window.
        _step = FeatureStep.Bind(data.Plan.Label.Target!, data.Plan, data.Texts) with { Window = 0 };
    }

    /// <summary>The label of a customer; NaN where the aggregate has no value.</summary>
    /// <param name="customer">Number of a customer of the partition.</param>
    /// <param name="knownAt">Rows that arrived later do not count.</param>
    public float Of(int customer, long knownAt)
    {
        // At most two are asked for in turn: as counted, and as is known now.
        if (_counted?.KnownAt != knownAt)
            (_counted, _other) = (_other?.KnownAt == knownAt ? _other : (knownAt, Count(knownAt)), _counted);
        CustomerFeatures values = _counted.GetValueOrDefault().Values;
        values.Sweep(_block, customer);
        return (float)values.Evaluate(0)[0];
    }

    private CustomerFeatures Count(long knownAt) =>
        new(_step, _data.Plan, _data.Classes, _window.End, new TargetSpan([_window.End - _window.From], [knownAt], _step.Feature.Aggregate is Aggregate.Changes or Aggregate.TimeShare));
}
