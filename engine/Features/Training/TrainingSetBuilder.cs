using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Builds a <see cref="TrainingSet"/>: who is at risk, what came of them, their features, then the categories.</summary>
internal sealed class TrainingSetBuilder
{
    private readonly CustomerData _data;
    private readonly TrainingSetOptions _options;
    private readonly Featurizer _featurizer;
    private readonly ParallelOptions _parallel;
    private readonly PlainLabels? _plainLabels;
    private long _withoutLabel;
    private long _churnedInGap;

    public TrainingSetBuilder(FeaturePlan plan, CustomerData data, TrainingSetOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        if (plan.Label is null)
            throw FeaturesErrors.PlanHasNoLabel();
        (_data, _options) = (data, options);
        _featurizer = new Featurizer(plan, data, mayBeUnfrozen: true);
        _parallel = options.Budget.ParallelOptions(cancellation);
        _plainLabels = plan.Label.Column.Length > 0 ? new PlainLabels(data) : null;
    }

    public TrainingSet Build()
    {
        SnapshotCalendar calendar = SnapshotCalendar.Check(_data, _options.AsOf).CountedAt(_data.Plan, _options.LabelsKnownAt);
        if (calendar.Usable.Count == 0)
            throw FeaturesErrors.NoUsableSnapshot(calendar.Censored.Count > 0 ? calendar.Censored[^1].Reason : "the data is too short to hold one");
        // One part a snapshot and partition: the unit of parallel work, in row order.
        Part[] parts = [.. from asOf in calendar.Usable from partition in Enumerable.Range(0, _data.PartitionCount) select new Part(asOf, partition)];
        ParallelWork.For(parts.Length, _parallel, i => Choose(parts[i]));
        long rows = 0;
        foreach (Part part in parts)
        {
            part.Start = rows;
            rows += part.Customers.Length;
        }
        NativeBuffer<float> values = NativeBuffer<float>.Allocate(checked(rows * _featurizer.Plan.Features.Count));
        var matrix = new FeatureMatrix(_featurizer.Plan.Features, values, rows);
        // One sweep over a customer's rows serves all snapshots.
        long[] instants = [.. calendar.Usable];
        ParallelWork.For(_data.PartitionCount, _parallel, partition =>
        {
            Part[] own = [.. instants.Select((_, i) => parts[i * _data.PartitionCount + partition])];
            _featurizer.Fill([.. instants.Select(_ => matrix)], partition, instants, [.. own.Select(p => p.Customers)], [.. own.Select(p => p.Start)]);
        });
        int[] customers = [.. parts.SelectMany(p => p.Customers)];
        SnapshotRange[] snapshots = [.. parts.GroupBy(p => p.AsOf).Select(Describe)];
        List<string> warnings = [.. _featurizer.Plan.Warnings, .. _data.Warnings];
        FeaturePlan plan = Freeze(matrix, snapshots, warnings);
        if (_withoutLabel > 0)
            warnings.Add($"{_withoutLabel} rows have no {(plan.Label!.IsNumeric ? $"value of {plan.Label.TargetText}" : "label")} and were left out");
        // The frozen plan's features describe the same values.
        return new TrainingSet(plan, new FeatureMatrix(plan.Features, values, rows), _data.GatherKeys(customers))
        {
            Labels = [.. parts.SelectMany(p => p.Labels)],
            Customers = customers,
            Snapshots = snapshots,
            Censored = calendar.Censored,
            Warnings = warnings,
            RowsWithoutLabel = _withoutLabel,
            RowsChurnedInGap = _churnedInGap,
        };
    }

    private SnapshotRange Describe(IGrouping<long, Part> snapshot)
    {
        long rows = snapshot.Sum(p => (long)p.Customers.Length);
        return new SnapshotRange(snapshot.Key, snapshot.First().Start, rows, _featurizer.Plan.Label!.IsNumeric ? 0 : snapshot.Sum(p => p.Labels.LongCount(l => l == 1)))
        {
            LabelMean = rows == 0 ? double.NaN : snapshot.Sum(p => p.Labels.Sum(l => (double)l)) / rows,
            LabelsNotYetKnown = snapshot.Sum(p => p.NotYetKnown),
        };
    }

    private void Choose(Part part)
    {
        long knownAt = _options.LabelsKnownAt.GetValueOrDefault(part.AsOf, long.MaxValue);
        int[] atRisk = _featurizer.Select(part.Partition, part.AsOf, knownAt);
        var customers = new List<int>(atRisk.Length);
        var labels = new List<float>(atRisk.Length);
        Func<int, long, float> label = LabelOf(part);
        long dropped = 0;
        foreach (int customer in atRisk)
        {
            float value = label(customer, knownAt);
            if (knownAt != long.MaxValue && !label(customer, long.MaxValue).Equals(value))
                part.NotYetKnown++;
            if (float.IsNaN(value))
            {
                dropped++;
                continue;
            }
            customers.Add(customer);
            labels.Add(value);
        }
        _data.Rest(part.Partition);
        part.Customers = [.. customers];
        part.Labels = [.. labels];
        Interlocked.Add(ref _plainLabels is null && !_featurizer.Plan.Label!.IsNumeric ? ref _churnedInGap : ref _withoutLabel, dropped);
    }

    // What a customer's label is, as far as was known at an instant; NaN for none.
    private Func<int, long, float> LabelOf(Part part)
    {
        if (_plainLabels is { } plain)
            return (customer, _) => plain.Of(part.Partition, customer);
        if (_featurizer.Plan.Label!.IsNumeric)
        {
            var targets = new TargetValues(_data, part.Partition, part.AsOf);
            return targets.Of;
        }
        var rule = new PopulationRule(_data, part.Partition);
        return (customer, knownAt) => EventLabel(rule, customer, part.AsOf, knownAt);
    }

    private static float EventLabel(PopulationRule rule, int customer, long asOf, long knownAt) => rule.OutcomeOf(customer, asOf, knownAt) switch
    {
        Outcome.Churned => 1,
        Outcome.Stayed => 0,
        _ => float.NaN,
    };

    private FeaturePlan Freeze(FeatureMatrix matrix, SnapshotRange[] snapshots, List<string> warnings)
    {
        if (_featurizer.Plan.IsFrozen)
            return _featurizer.Plan;
        long rows = snapshots.Where(s => s.AsOf <= _options.FreezeThrough).Sum(s => s.Count);
        return new CategoryFreezer(_featurizer.Plan, _data, _options.CategoryLimit).Freeze(matrix, rows, warnings);
    }

    private sealed class Part(long asOf, int partition)
    {
        public long AsOf { get; } = asOf;
        public int Partition { get; } = partition;
        public long Start { get; set; }
        public int[] Customers { get; set; } = [];
        public float[] Labels { get; set; } = [];
        public long NotYetKnown { get; set; }
    }
}
