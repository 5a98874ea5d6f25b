using System.Collections.Concurrent;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Computes features of customers at an instant.</summary>
/// <remarks>A feature at t with window w sees rows with time in [t - w, t) that were known at t. Attributes: the latest row with valid_from &lt; t, known at t.
/// Counts and sums without rows are 0; means, recency, tenure and attributes without a row are NaN, and so is a ratio with a zero denominator.
/// Thread-safe: partitions may be computed at the same time. Source: design.md section 4.</remarks>
public sealed class Featurizer
{
    private readonly FeatureStep[] _steps;
    private readonly int[] _populationSources;
    private readonly ConcurrentDictionary<long, Lazy<PopulationValues>> _population = new();

    /// <summary>Binds a plan to data.</summary>
    /// <param name="plan">The plan whose categories hold, usually the model's; its hash must be that of the data's plan.</param>
    /// <param name="data">Must stay alive as long as this is used.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE3008 when plan and data do not fit; <see cref="InvalidOperationException"/> when its categories are not frozen.</remarks>
    public Featurizer(FeaturePlan plan, CustomerData data)
        : this(plan, data, mayBeUnfrozen: false)
    {
    }

    internal Featurizer(FeaturePlan plan, CustomerData data, bool mayBeUnfrozen)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(data);
        if (plan.Hash != data.Plan.Hash)
            throw FeaturesErrors.PlanMismatch(data.Plan.Hash, plan.Hash);
        if (!mayBeUnfrozen && !plan.IsFrozen)
            throw new InvalidOperationException("the plan's categories are not frozen: take the plan of the training set or of the model");
        (Plan, Data) = (plan, data);
        _steps = FeatureStep.Bind(plan, data.Texts);
        _populationSources = PopulationValues.Sources(_steps);
    }

    /// <summary>The plan in force.</summary>
    public FeaturePlan Plan { get; }

    /// <summary>The data it reads.</summary>
    public CustomerData Data { get; }

    /// <summary>What ranks, quantiles and outlier policies compare with; null: the population of the data itself. For data of few customers, such as one in a service.</summary>
    public PopulationReference? Reference { get; init; }

    /// <summary>Told of categories that the plan does not know, by any thread; null: nobody asks.</summary>
    public UnknownLevelObserver? Unknown { get; init; }

    /// <summary>Partitions of the data.</summary>
    public int PartitionCount => Data.PartitionCount;

    /// <summary>Customers of a partition, at risk or not.</summary>
    /// <param name="partition">0 .. PartitionCount - 1.</param>
    public int CustomersIn(int partition) => Data.Order.Start(partition + 1) - Data.Order.Start(partition);

    /// <summary>Features of the whole population.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC; <see cref="FeatureSnapshot.Timeless"/> for a plain table.</param>
    /// <param name="population">Who has a row.</param>
    /// <param name="budget">Threads.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    public FeatureSnapshot Compute(long asOf, Population population, JobBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(budget);
        int[][] selected = new int[PartitionCount][];
        ParallelOptions parallel = budget.ParallelOptions(cancellation);
        ParallelWork.For(PartitionCount, parallel, p => selected[p] = Select(p, asOf, population));
        return Assemble(asOf, selected, firstPartition: 0, parallel);
    }

    /// <summary>Features of the scoring population at several instants, from one sweep over each customer's rows.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC, any order, no repeats.</param>
    /// <param name="budget">Threads.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    /// <returns>One snapshot an instant, in the order given; the caller disposes them.</returns>
    public FeatureSnapshot[] Compute(IReadOnlyList<long> asOf, JobBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asOf);
        ArgumentNullException.ThrowIfNull(budget);
        long[] instants = [.. asOf.Order()];
        int[][][] selected = [.. instants.Select(_ => new int[PartitionCount][])];
        ParallelOptions parallel = budget.ParallelOptions(cancellation);
        ParallelWork.For(PartitionCount * instants.Length, parallel, i => selected[i / PartitionCount][i % PartitionCount] = Select(i % PartitionCount, instants[i / PartitionCount], Population.Scoring));
        PartitionRange[][] ranges = [.. selected.Select(instant => Ranges(instant, 0))];
        FeatureMatrix[] matrices = [.. ranges.Select(r => FeatureMatrix.Allocate(Plan.Features, r.Sum(range => range.Count)))];
        ParallelWork.For(PartitionCount, parallel, p => Fill(matrices, p, instants, [.. selected.Select(instant => instant[p])], [.. ranges.Select(r => (long)r[p].Start)]));
        return [.. asOf.Select(t => Array.BinarySearch(instants, t)).Select(i => new FeatureSnapshot(matrices[i], Data.GatherKeys([.. selected[i].SelectMany(s => s)]), instants[i], ranges[i]))];
    }

    /// <summary>Features of the population of one partition, on the calling thread; where features rank the population, the first call computes it all.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    /// <param name="population">Who has a row.</param>
    /// <param name="partition">0 .. PartitionCount - 1.</param>
    public FeatureSnapshot ComputePartition(long asOf, Population population, int partition)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)PartitionCount);
        return Assemble(asOf, [Select(partition, asOf, population)], partition, new ParallelOptions { MaxDegreeOfParallelism = 1 });
    }

    /// <summary>Values of the population at an instant, for <see cref="Reference"/> elsewhere.</summary>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    public PopulationReference ReferenceAt(long asOf) => new(Plan.Hash, PopulationAt(asOf));

    internal int[] Select(int partition, long asOf, Population population) => Select(partition, asOf, population == Population.Scoring ? asOf : long.MaxValue);

    /// <summary>Customers of a partition at risk at an instant, ascending; churn and activity count when they were known at <paramref name="knownAt"/>.</summary>
    internal int[] Select(int partition, long asOf, long knownAt)
    {
        var rule = new PopulationRule(Data, partition);
        List<int> selected = [];
        for (int customer = Data.Order.Start(partition); customer < Data.Order.Start(partition + 1); customer++)
        {
            if (rule.IsAtRisk(customer, asOf, knownAt))
                selected.Add(customer);
        }
        Data.Rest(partition);
        return [.. selected];
    }

    /// <summary>Computes the rows of one partition at several instants.</summary>
    /// <param name="matrices">For each instant, the matrix [N, F] that gets its rows; may be the same one.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="instants">As-of instants, ascending.</param>
    /// <param name="customers">For each instant, the customers of the partition that have a row there, ascending.</param>
    /// <param name="firstRows">For each instant, the row of the first of them; the others follow.</param>
    internal void Fill(IReadOnlyList<FeatureMatrix> matrices, int partition, long[] instants, IReadOnlyList<int[]> customers, long[] firstRows)
    {
        CustomerFeatures features = NewFeatures(instants);
        CustomerBlock block = Data.BlockOf(partition);
        int[] next = new int[instants.Length];
        for (int customer = Data.Order.Start(partition); customer < Data.Order.Start(partition + 1); customer++)
        {
            bool swept = false;
            for (int instant = 0; instant < next.Length; instant++)
            {
                if (next[instant] == customers[instant].Length || customers[instant][next[instant]] != customer)
                    continue;
                if (!swept)
                    features.Sweep(block, customer);
                swept = true;
                features.Compute(instant, matrices[instant].Row(firstRows[instant] + next[instant]++));
            }
        }
        Data.Rest(partition);
    }

    /// <summary>Makes what computes rows at those instants; one a thread.</summary>
    internal CustomerFeatures NewFeatures(long[] instants) =>
        new(_steps, Plan, Data.Classes, instants, [.. instants.Select(t => _populationSources.All(source => source < 0) ? null : PopulationAt(t))], Unknown);

    private PopulationValues PopulationAt(long asOf) => Reference?.For(Plan) ?? _population.GetOrAdd(asOf, t => new Lazy<PopulationValues>(() => ComputePopulation(t))).Value;

    private PopulationValues ComputePopulation(long asOf)
    {
        var features = new CustomerFeatures(_steps, Plan, Data.Classes, [asOf], [null]);
        List<double>?[] values = [.. _populationSources.Select(source => source < 0 ? null : new List<double>())];
        for (int partition = 0; partition < PartitionCount; partition++)
        {
            CustomerBlock block = Data.BlockOf(partition);
            foreach (int customer in Select(partition, asOf, Population.Scoring))
            {
                features.Sweep(block, customer);
                ReadOnlySpan<double> row = features.Evaluate(0);
                for (int i = 0; i < values.Length; i++)
                {
                    if (values[i] is { } list && !double.IsNaN(row[_populationSources[i]]))
                        list.Add(row[_populationSources[i]]);
                }
            }
            Data.Rest(partition);
        }
        return new PopulationValues(_steps.Select(step => step.Feature), [.. values.Select(list => list?.Order().ToArray())]);
    }

    private FeatureSnapshot Assemble(long asOf, int[][] selected, int firstPartition, ParallelOptions parallel)
    {
        PartitionRange[] ranges = Ranges(selected, firstPartition);
        FeatureMatrix matrix = FeatureMatrix.Allocate(Plan.Features, ranges.Sum(range => range.Count));
        ParallelWork.For(selected.Length, parallel, p => Fill([matrix], firstPartition + p, [asOf], [selected[p]], [ranges[p].Start]));
        return new FeatureSnapshot(matrix, Data.GatherKeys([.. selected.SelectMany(s => s)]), asOf, ranges);
    }

    private static PartitionRange[] Ranges(int[][] selected, int firstPartition)
    {
        var ranges = new PartitionRange[selected.Length];
        int rows = 0;
        for (int p = 0; p < selected.Length; p++)
        {
            ranges[p] = new PartitionRange(firstPartition + p, rows, selected[p].Length);
            rows += selected[p].Length;
        }
        return ranges;
    }
}
