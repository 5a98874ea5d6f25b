using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>What came of customers after instants of their own: a service is asked about each at another moment.</summary>
/// <remarks>The outcome is that of the plan's label, as a snapshot at that instant would have it, told by all that the data knows.</remarks>
public sealed class CustomerOutcomes
{
    private readonly CustomerData _data;
    private readonly LabelRule _label;

    /// <param name="data">Must stay alive as long as this is used.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> when its plan has no label; <see cref="ArgumentException"/> when that is no churn by events.</remarks>
    public CustomerOutcomes(CustomerData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _label = data.Plan.Label ?? throw FeaturesErrors.PlanHasNoLabel();
        if (data.Plan.IsTimeless || _label.IsNumeric)
            throw new ArgumentException("not a plan of churn by events", nameof(data));
        _data = data;
    }

    /// <summary>Whether gap, horizon and the longest lateness of an instant are over in the data.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    public bool IsComplete(long asOf) => SnapshotCalendar.IsComplete(_data, _label, asOf);

    /// <summary>Looks outcomes up.</summary>
    /// <param name="customers">[N] keys, as text.</param>
    /// <param name="asOf">[N] instants, microseconds since 1970 UTC, each complete.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    /// <returns>[N] 1 for churn, 0 for none; NaN of a customer whom the data does not have, who was not at risk then, or who left in the gap before the label window.</returns>
    /// <remarks>Memory: an entry a row and partition.</remarks>
    public float[] Of(IReadOnlyList<string> customers, IReadOnlyList<long> asOf, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(asOf);
        float[] labels = new float[customers.Count];
        Array.Fill(labels, float.NaN);
        ILookup<string, int> rows = Enumerable.Range(0, labels.Length).ToLookup(row => customers[row], StringComparer.Ordinal);
        for (int partition = 0; partition < _data.PartitionCount; partition++)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = _data.Order.Start(partition), count = _data.Order.Start(partition + 1) - first;
            using Column keys = _data.GatherKeys([.. Enumerable.Range(first, count)]);
            var rule = new PopulationRule(_data, partition);
            for (int i = 0; i < count; i++)
            {
                string key = keys is PrimitiveColumn<long> numbers ? numbers.Values[i].ToString(CultureInfo.InvariantCulture) : ((Utf8Column)keys).GetString(i)!;
                foreach (int row in rows[key])
                    labels[row] = LabelOf(rule, first + i, asOf[row]);
            }
            _data.Rest(partition);
        }
        return labels;
    }

    private static float LabelOf(PopulationRule rule, int customer, long asOf) => !rule.IsAtRisk(customer, asOf, long.MaxValue) ? float.NaN : rule.OutcomeOf(customer, asOf, long.MaxValue) switch
    {
        Outcome.Churned => 1,
        Outcome.Stayed => 0,
        _ => float.NaN,
    };
}
